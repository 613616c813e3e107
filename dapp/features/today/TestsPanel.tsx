/** Ordering tests: a list T_D, for a laboratory of the house or one that the patient chooses (002-13, 002-26). */
import { EMPTY_TEST_LIST, readTestList, type TestListDraft } from "../../components/fhir/drafts.js";
import { TestListForm } from "../../components/fhir/TestListForm.js";
import { loadSdk } from "../../lib/sdk.js";
import { OrderPanel } from "./OrderPanel.js";
import type { Writing } from "./writing.js";

/** The form, who is to carry it out, until when, and what signing it tells whom. */
export function TestsPanel(props: Writing) {
  return (
    <OrderPanel<TestListDraft, ReturnType<typeof readTestList>["written"]>
      {...props}
      name="tests"
      role="laboratory"
      act="Order the tests"
      empty={EMPTY_TEST_LIST}
      Form={TestListForm}
      read={readTestList}
      fills={() => 1}
      document={async (written, of) => {
        const { fhir } = await loadSdk();
        const [first, ...others] = written.tests.map(({ name, code }) => name ?? code ?? "");
        const title =
          others.length === 0 ? `Test list: ${first ?? ""}` : `Test list: ${first ?? ""} and ${others.length} more`;
        return fhir.writeFhir(fhir.testList({ ...of, ...written }), title);
      }}
    />
  );
}
