/**
 * Drawers that need a new key: those whose readers' time ran out, and those whose key on the chain isn't the patient's own.
 * Who will know, then sign.
 */
import { Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconLockExclamation, IconTool, type Icon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Access, Drawer, PatientId } from "../../../sdk/index.js";
import { Row, RowIcon, Rows } from "../Rows.js";
import ui from "../ui.module.css";
import { WhoWillKnow } from "../WhoWillKnow.js";
import { canOpen, nameOf } from "../../lib/access.js";
import { useDrawers, useDrawersToClose } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import { changeLocks, discloseLocks, repairLocks } from "./changeLocks.js";

/** Nothing when no lock needs to change. */
export function Locks({ patientId, accesses }: { patientId: PatientId; accesses: readonly Access[] }) {
  const session = useOpenSession();
  const { data: toClose = [] } = useDrawersToClose(patientId);
  const { data: own = [] } = useDrawers(patientId);
  const damaged = own.filter(({ state }) => state === "damaged");
  const scopes: readonly string[] = toClose.map(({ scope }) => scope);
  const present = accesses.filter((access) => canOpen(access) && scopes.includes(access.grant.subject));
  const readers = [...new Set(present.map(({ grant, grantee }) => nameOf(grantee, grant.grantee)))];
  if (toClose.length + damaged.length === 0) return null;
  return (
    <Rows label="What needs you" tone="attention">
      {toClose.length > 0 && (
        <LockRow
          patientId={patientId}
          drawers={toClose}
          readers={readers}
          icon={IconLockExclamation}
          what="Change the lock where access has run out"
          detail={`${capital(labelsOf(toClose))}: new documents will be closed to the key that the former readers kept. One signature.`}
          note="Who has access now keeps it. What was opened before may have been kept."
          action="Change the lock"
          sign={() => changeLocks(session, patientId, toClose)}
        />
      )}
      {damaged.length > 0 && (
        <LockRow
          patientId={patientId}
          drawers={damaged}
          readers={[]}
          icon={IconTool}
          what="Repair a drawer"
          detail={`${capital(labelsOf(damaged))}: the key that the chain names for it isn't yours, so nothing can be added. One signature gives it a key of yours.`}
          note="Who has access keeps what they could open. For what is added from now on they need access anew."
          action="Repair"
          sign={() => repairLocks(session, patientId, damaged)}
        />
      )}
    </Rows>
  );
}

/** One thing to do about locks, with who will know before it is signed. */
function LockRow(props: {
  patientId: PatientId;
  drawers: readonly Drawer[];
  readers: readonly string[];
  icon: Icon;
  what: string;
  detail: string;
  note: string;
  action: string;
  sign: () => Promise<unknown>;
}) {
  const { patientId, drawers, readers, icon, what, detail, note, action, sign } = props;
  const isBusy = useTransactions("access/locks").some(isUnderWay);
  const [isOpen, setOpen] = useState(false);
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") setOpen(false);
  });
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "locks", action, drawers.map(({ scope }) => scope), readers],
    enabled: isOpen,
    queryFn: () => discloseLocks(patientId, drawers, readers),
  });
  return (
    <Row
      icon={<RowIcon icon={icon} tone="attention" />}
      what={what}
      detail={detail}
      side={
        <Button variant="default" disabled={isBusy} aria-expanded={isOpen && !isBusy} onClick={() => setOpen(!isOpen)}>
          Review
        </Button>
      }
      under={
        isOpen &&
        !isBusy && (
          <div className={ui.panel}>
            <h3>Before you sign: who will know what</h3>
            {disclosure && <WhoWillKnow disclosure={disclosure} grantee="Readers" organisation="The storage" />}
            <div className={ui.foot}>
              <p className={ui.footNote}>{note}</p>
              <div className={ui.actions}>
                <Button variant="default" onClick={() => setOpen(false)}>
                  Not now
                </Button>
                <Button
                  onClick={() => {
                    setOpen(false);
                    void sign();
                  }}
                >
                  {action}
                </Button>
              </div>
            </div>
          </div>
        )
      }
    />
  );
}

function labelsOf(drawers: readonly Drawer[]): string {
  return drawers.map(({ label }) => label).join(", ");
}
