/** The last step before a signature: who will know what, and the two ways on. */
import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import type { Disclosure } from "../../../sdk/index.js";
import { SkeletonRows } from "../Rows.js";
import ui from "../ui.module.css";
import { WhoWillKnow } from "../WhoWillKnow.js";

/**
 * Shown below what is to be signed.
 * @param props.columns names of the first two columns
 * @param props.missing what has to be filled in first; nothing can be signed as long as there is something
 */
export function Signing({
  disclosure,
  columns,
  note,
  action,
  tone,
  missing,
  onSign,
  onCancel,
  cancel = "Not now",
}: {
  disclosure: Disclosure | null | undefined;
  columns: readonly [string, string];
  note: ReactNode;
  action: string;
  tone?: "danger";
  missing?: string | null;
  onSign: () => void;
  onCancel: () => void;
  cancel?: string;
}) {
  const [grantee, organisation] = columns;
  return (
    <>
      <h3>Before you sign: who will know what</h3>
      {disclosure ? (
        <WhoWillKnow disclosure={disclosure} grantee={grantee} organisation={organisation} />
      ) : (
        <SkeletonRows rows={1} label="who will know what" />
      )}
      <div className={ui.foot}>
        <p className={ui.footNote} role="status">
          {missing ?? note}
        </p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onCancel}>
            {cancel}
          </Button>
          <Button color={tone} disabled={!disclosure || Boolean(missing)} onClick={onSign}>
            {action}
          </Button>
        </div>
      </div>
    </>
  );
}
