/** What ordering tests and prescribing have in common: a form, who carries it out, until when, who will know, sign. */
import { NativeSelect } from "@mantine/core";
import { useState, type ComponentType } from "react";

import type { Address, Document, fhir, Order, RecordId, VisitId } from "../../../sdk/index.js";
import type { Read } from "../../components/fhir/drafts.js";
import type { FormProps } from "../../components/fhir/TestListForm.js";
import { EndChoice, inDays } from "../../components/EndChoice.js";
import { SkeletonRows } from "../../components/Rows.js";
import { SignPanel, useDisclosure } from "../../components/SignPanel.js";
import { isIn } from "../../components/visit/Members.js";
import { nameOf } from "../../lib/access.js";
import { useDraft } from "../../lib/drafts.js";
import { useParticipants } from "../../lib/queries.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { clock, plain } from "../../lib/text.js";
import { order } from "./ordering.js";
import css from "./today.module.css";
import { useVisit } from "./useVisit.js";
import { draftName, patientIn, problemIn, useAuthor, type Writing } from "./writing.js";

/** Whose order it is, as its document says. */
export interface OrderOf {
  orderId: RecordId;
  visitId: VisitId;
  patientId: RecordId;
  author: fhir.Party;
  /** Unix seconds. */
  time: number;
  until: number;
}

const SPANS = [7, 30, 90, 365].map((days) => ({
  label: days === 365 ? "1 year" : `${days} days`,
  end: () => inDays(days),
}));
/** 30 days. */
const USUAL = 1;

/** One panel for both kinds of orders. */
export function OrderPanel<Draft, Written>({
  access,
  hospital,
  onClose,
  name,
  role,
  act,
  empty,
  Form,
  read,
  fills,
  document,
}: Writing & {
  name: string;
  role: Order["role"];
  /** The words on the button. */
  act: string;
  empty: Draft;
  Form: ComponentType<FormProps<Draft>>;
  read: (draft: Draft) => Read<NonNullable<Written>>;
  fills: (written: NonNullable<Written>) => number;
  document: (written: NonNullable<Written>, of: OrderOf) => Promise<Document>;
}) {
  const session = useOpenSession();
  const author = useAuthor();
  const staff = useStaff(access.visitId, role);
  const draft = useDraft<Draft>(draftName(access.visitId, name));
  const [until, setUntil] = useState(() => inDays(30));
  const [chosen, setChosen] = useState<Address | null>(null);
  const value = draft.value ?? empty;
  const { written, problems } = read(value);
  const fulfiller = staff.find(({ account }) => account === chosen) ?? null;
  const { visitId, visit } = access;
  const by = {
    order: { patientId: visit.patientId, role, fills: written ? fills(written) : 1, until },
    words: { patientName: patientIn(access), hospitalName: hospital, fulfillerName: fulfiller?.name ?? null },
  };
  const disclosure = useDisclosure("ordering", by, (sdk, { order: placed, words }) =>
    sdk.discloseOrder(placed, { ...words, formatTime: clock }),
  );
  if (draft.value === undefined) return <SkeletonRows rows={2} label="what you have written" />;

  const sign = () => {
    if (!written) return;
    const signed = { drop: draft.drop, putBack: () => draft.keep(value) };
    void order(session, access, name, signed, {
      role,
      fills: fills(written),
      until,
      fulfiller: fulfiller?.account,
      document: async (orderId) => {
        const time = await (await loadSdk()).chainTime(session.chain);
        return document(written, { orderId, visitId, patientId: visit.patientId, author, time, until });
      },
    });
  };
  return (
    <>
      <Form value={value} onChange={draft.keep} />
      {staff.length > 0 && (
        <NativeSelect
          className={css.narrow}
          label="Who carries it out"
          data={[
            { value: "", label: "Whom the patient chooses" },
            ...staff.map(({ account, name: label }) => ({ value: account, label })),
          ]}
          value={fulfiller?.account ?? ""}
          onChange={({ currentTarget }) =>
            setChosen(currentTarget.value === "" ? null : (currentTarget.value as Address))
          }
        />
      )}
      <div className={css.until}>
        <h3>Valid for</h3>
        <EndChoice spans={SPANS} initial={USUAL} date={() => inDays(30)} onChange={setUntil} />
      </div>
      <SignPanel
        disclosure={disclosure}
        who="Patient and staff"
        note="You can cancel it while the visit is open; the patient can at any time."
        missing={problemIn(problems)}
        keep="Later"
        act={act}
        onClose={onClose}
        onSign={sign}
      />
    </>
  );
}

/** Laboratories or pharmacies that the hospital assigned to the visit. */
function useStaff(visitId: VisitId, role: Order["role"]): { account: Address; name: string }[] {
  const { data: visit } = useVisit(visitId);
  const { data: participants = [] } = useParticipants();
  return participants
    .filter((each) => each.role === role && visit !== undefined && isIn(visit, each.account))
    .map((each) => ({ account: each.account, name: plain(nameOf(each, each.account)) }));
}
