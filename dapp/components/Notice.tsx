/** Notices: something to know, something that went wrong, somebody who is offline. */
import { Button } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, type Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { failureOf, reassuring } from "../lib/errors.js";
import { plain } from "../lib/text.js";
import { Facts, type Tone } from "./Rows.js";
import css from "./ui.module.css";

const ICONS: Record<Tone | "plain", Icon> = {
  plain: IconInfoCircle,
  brand: IconCircleCheck,
  attention: IconAlertTriangle,
  danger: IconAlertTriangle,
};

/** A few words in a frame. */
export function Notice({
  tone,
  title,
  icon,
  children,
  action,
  live,
}: {
  tone?: Tone;
  title: ReactNode;
  icon?: Icon;
  children?: ReactNode;
  action?: ReactNode;
  /** Read out when it appears: at once for an alert, when there is time for a status. */
  live?: "alert" | "status";
}) {
  const Shape = icon ?? ICONS[tone ?? "plain"];
  return (
    <div className={css.note} data-tone={tone} role={live}>
      <Shape className={css.noteIcon} size={22} stroke={1.75} aria-hidden />
      <div className={css.noteBody}>
        <strong>{title}</strong>
        {children !== undefined && <div className={css.noteText}>{children}</div>}
        {action}
      </div>
    </div>
  );
}

/** An error: what happened, that nothing was lost, what to do next. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { what, next, code, details } = failureOf(error);
  const facts = Object.entries(details).map(([name, value]) => [name, plain(String(value))] as const);
  return (
    <Notice
      tone="danger"
      title={what}
      live="alert"
      action={
        <>
          {(code !== null || facts.length > 0) && (
            <details>
              <summary>Details</summary>
              <Facts facts={[...(code ? [["code", code] as const] : []), ...facts]} />
            </details>
          )}
          {retry && (
            <Button variant="default" onClick={retry} mt={8}>
              Try again
            </Button>
          )}
        </>
      }
    >
      {reassuring(next)}
    </Notice>
  );
}
