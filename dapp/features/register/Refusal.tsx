/** A refusal at a step: what happened, that nothing was lost, and what can be done right here. */
import { Button } from "@mantine/core";
import { useEffect, useRef, type ReactNode } from "react";

import type { ErrorCode } from "../../../sdk/index.js";
import { Notice } from "../../components/Notice.js";
import { Facts } from "../../components/Rows.js";
import { failureOf, reassuring } from "../../lib/errors.js";
import { count, plain } from "../../lib/text.js";
import css from "./register.module.css";

/** Where a page can say more than the SDK, which doesn't know who stands before it. */
const WORDS: Partial<Record<ErrorCode, { what?: string; next: string }>> = {
  PersonAlreadyRegistered: {
    what: "You are registered already, with another wallet.",
    next: "A person has one record, so this isn't done twice. Switch to the wallet that you registered with; its passphrase opens your record. To use this wallet from now on, move there under Account. If you have never registered, tell the civil registry at once.",
  },
  NotCivilRegistry: {
    what: "The service that signed isn't an accredited civil registry.",
    next: "Nothing was sent. Tell whoever runs this page: its registry's accreditation is missing or over.",
  },
  SignatureExpired: {
    next: "Ask for a new one; what you have typed stays.",
  },
  KEY_EXISTS: {
    what: "This account got another key while you registered.",
    next: "Discard this registration and begin anew: it will go on with the key that is there.",
  },
};

/** What a service signed that doesn't fit: told by the contract before anything was sent. */
const MISFIT = {
  what: "What the service signed isn't for this wallet on this chain and these contracts.",
  next: "Nothing of it was kept, and nothing was sent. Try again; if it persists, the service is set up for another place: tell whoever runs it.",
};

/** Shows an error with its remedies; `retry` does the same again, `actions` are what else helps. */
export function Refusal({ error, retry, actions }: { error: unknown; retry?: () => void; actions?: ReactNode }) {
  const { code, what, next, details } = failureOf(error);
  const isMisfit = code === "SERVICE_ANSWER_INVALID" && ["signature", "registry"].includes(String(details.field));
  const words = isMisfit ? MISFIT : code === null ? undefined : WORDS[code];
  const wait = typeof details.retryAfter === "number" ? Math.max(1, Math.ceil(details.retryAfter / 60)) : null;
  const facts = Object.entries(details).map(([name, value]) => [name, plain(String(value))] as const);
  // On a small screen it would appear below what was just pressed.
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Newer browsers return a promise, which no effect may.
    place.current?.scrollIntoView({ block: "nearest" });
  }, [error]);
  return (
    <div ref={place} className={css.refusal}>
      <Notice
        tone="danger"
        title={words?.what ?? what}
        live="alert"
        action={
          <>
            <details>
              <summary>Details</summary>
              <Facts facts={[...(code === null ? [] : [["code", code] as const]), ...facts]} />
            </details>
            <div className={css.actions}>
              {retry && (
                <Button variant="default" onClick={retry}>
                  Try again
                </Button>
              )}
              {actions}
            </div>
          </>
        }
      >
        {reassuring(words?.next ?? next)}
        {wait !== null && ` That is in ${count(wait, "minute")}.`}
      </Notice>
    </div>
  );
}
