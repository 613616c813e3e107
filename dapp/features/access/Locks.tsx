/** Drawers whose readers' time ran out: their key should change. Who will know, then sign. */
import { Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { IconLockExclamation } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Access, PatientId } from "../../../sdk/index.js";
import { Row, RowIcon, Rows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { canOpen, nameOf } from "../../lib/access.js";
import { useDrawersToClose } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital } from "../../lib/text.js";
import { isUnderWay, useTransactions } from "../../lib/transactions.js";
import css from "./access.module.css";
import { changeLocks, discloseLocks } from "./stopAccess.js";

/** Nothing when no lock needs to change. */
export function Locks({ patientId, accesses }: { patientId: PatientId; accesses: readonly Access[] }) {
  const session = useOpenSession();
  const { data: drawers = [] } = useDrawersToClose(patientId);
  const isBusy = useTransactions("access/locks").some(isUnderWay);
  const [isOpen, setOpen] = useState(false);
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") setOpen(false);
  });
  const scopes: readonly string[] = drawers.map(({ scope }) => scope);
  const present = accesses.filter((access) => canOpen(access) && scopes.includes(access.grant.subject));
  const readers = [...new Set(present.map(({ grant, grantee }) => nameOf(grantee, grant.grantee)))];
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "locks", scopes, readers],
    enabled: isOpen && drawers.length > 0,
    queryFn: () => discloseLocks(patientId, drawers, readers),
  });
  if (drawers.length === 0) return null;
  return (
    <Rows label="What needs you" tone="attention">
      <Row
        icon={<RowIcon icon={IconLockExclamation} tone="attention" />}
        what="Change the lock where access has run out"
        detail={`${capital(drawers.map(({ label }) => label).join(", "))}: new documents will be closed to the key that the former readers kept. One signature.`}
        side={
          <Button
            variant="default"
            disabled={isBusy}
            aria-expanded={isOpen && !isBusy}
            onClick={() => setOpen(!isOpen)}
          >
            Review
          </Button>
        }
        under={
          isOpen &&
          !isBusy && (
            <div className={css.panel}>
              <h3>Before you sign: who will know what</h3>
              {disclosure && <WhoWillKnow disclosure={disclosure} grantee="Readers" organisation="The storage" />}
              <div className={ui.foot}>
                <p className={ui.footNote}>Who has access now keeps it. What was opened before may have been kept.</p>
                <div className={ui.actions}>
                  <Button variant="default" onClick={() => setOpen(false)}>
                    Not now
                  </Button>
                  <Button
                    onClick={() => {
                      setOpen(false);
                      void changeLocks(session, patientId, drawers);
                    }}
                  >
                    Change the lock
                  </Button>
                </div>
              </div>
            </div>
          )
        }
      />
    </Rows>
  );
}
