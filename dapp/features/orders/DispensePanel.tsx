/** Handing over what was prescribed: counted, and refused beyond the repeats (002-28). */
import { IconPackageOff } from "@tabler/icons-react";

import type { OpenedOrder, Order } from "../../../sdk/index.js";
import { dispenseOf, readDispense, type DispenseDraft } from "../../components/fhir/dispense-draft.js";
import { DispenseForm } from "../../components/fhir/DispenseForm.js";
import { useFhir } from "../../components/fhir/useFhir.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Section } from "../../components/Page.js";
import { repeatsLeft } from "../../components/record/OrderMark.js";
import { SkeletonRows } from "../../components/Rows.js";
import { SignPanel } from "../../components/SignPanel.js";
import { useDraft } from "../../lib/drafts.js";
import { useIdentity } from "../../lib/identity.js";
import { loadSdk } from "../../lib/sdk.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, count } from "../../lib/text.js";
import { report } from "./fulfilling.js";
import { patientOf, useOrdered, useReportDisclosure } from "./opened.js";
import { COUNTER } from "./place.js";
import { Reporting, usePendingCheck } from "./Reporting.js";

/** What is filled in for one time: once that was counted, by whatever way, it isn't offered for the next. */
interface FillDraft {
  /** How often it had been handed over before. */
  fill: number;
  written: DispenseDraft;
}

/** The section with its panel. */
export function DispensePanel({ order, opened }: { order: Order; opened: OpenedOrder }) {
  if (order.state === "done") {
    return (
      <Notice tone="attention" icon={IconPackageOff} live="status" title="Nothing is left of this prescription.">
        It was dispensed {count(order.fills, "time")}, as often as it says. The contract refuses more: the doctor would
        have to prescribe it anew.
      </Notice>
    );
  }
  return (
    <Section title="Dispense" hint={`${capital(repeatsLeft(order))}. Each time is counted on the chain.`}>
      <Reporting order={order} place={COUNTER} act="Hand it over" label="Dispense">
        {(close) => <Writing order={order} opened={opened} onClose={close} />}
      </Reporting>
    </Section>
  );
}

function Writing({ order, opened, onClose }: { order: Order; opened: OpenedOrder; onClose: () => void }) {
  const session = useOpenSession();
  const { data: identity } = useIdentity();
  const fhir = useFhir();
  const ordered = useOrdered(opened);
  const isPending = usePendingCheck(order);
  const draft = useDraft<FillDraft>(`order/${order.orderId}/dispense`);
  const disclosure = useReportDisclosure(opened, "final");
  if (ordered.error) return <ErrorNotice error={ordered.error} />;
  if (!fhir || !ordered.data || draft.value === undefined) return <SkeletonRows rows={2} label="the form" />;
  const asked = ordered.data.resourceType === "MedicationRequest" ? dispenseOf(ordered.data) : null;
  const own = draft.value?.fill === order.done ? draft.value.written : null;
  const value = own ?? asked ?? { medicine: "", rxnorm: null, quantity: "", unit: "{tablet}", days: "", note: "" };
  const { written, problems } = readDispense(value);
  const sign = async () => {
    if (!written || (await isPending())) return;
    const { orderId, patientId } = order;
    const done = await report(session, opened, "final", async () => {
      const time = await (await loadSdk()).chainTime(session.chain);
      const author = { account: session.account, name: identity?.participant?.name ?? undefined };
      return fhir.writeFhir(fhir.medicationDispense({ orderId, patientId, author, time, ...written }));
    });
    if (done !== null) draft.drop();
  };
  return (
    <>
      <DispenseForm value={value} onChange={(next) => draft.keep({ fill: order.done, written: next })} />
      <SignPanel
        disclosure={disclosure}
        who={patientOf(opened)}
        note={`Afterwards ${repeatsLeft({ ...order, done: order.done + 1 })}. It can't be taken back.`}
        missing={Object.values(problems)[0] ?? null}
        keep="Later"
        act="Handed over"
        onClose={onClose}
        onSign={() => void sign()}
      />
    </>
  );
}
