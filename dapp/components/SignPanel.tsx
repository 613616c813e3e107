/** What a panel says before something is signed: what happens, who will know what, and the two ways out. */
import { Button } from "@mantine/core";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import type { Disclosure } from "../../sdk/index.js";
import { loadSdk } from "../lib/sdk.js";
import { ErrorNotice } from "./Notice.js";
import { SkeletonRows } from "./Rows.js";
import css from "./ui.module.css";
import { WhoWillKnow } from "./WhoWillKnow.js";

type Sdk = Awaited<ReturnType<typeof loadSdk>>;

/** What an act tells whom, once what it depends on (`by`, undefined until then) is known. */
export function useDisclosure<T>(
  name: string,
  by: T | undefined,
  disclose: (sdk: Sdk, by: T) => Disclosure,
): UseQueryResult<Disclosure> {
  return useQuery({
    // It may name people: forgotten when another account takes over.
    queryKey: ["opened", "disclosure", name, by],
    enabled: by !== undefined,
    queryFn: async () => {
      if (by === undefined) throw new Error("nothing to disclose");
      return disclose(await loadSdk(), by);
    },
  });
}

/** The panel's contents. Signing is offered once it's said who will know what. */
export function SignPanel({
  question,
  children,
  disclosure,
  who,
  others = "The storage",
  error = disclosure.error,
  note,
  missing = null,
  keep,
  act,
  isDanger = false,
  onClose,
  onSign,
}: {
  question?: string;
  children?: ReactNode;
  disclosure: UseQueryResult<Disclosure>;
  /** Names of the first two columns. */
  who: string;
  others?: string;
  /** What keeps it from being said. */
  error?: unknown;
  note: string;
  /** What has to be filled in first; nothing can be signed as long as there is something. */
  missing?: string | null;
  /** The words on the buttons. */
  keep: string;
  act: string;
  isDanger?: boolean;
  onClose: () => void;
  onSign: () => void;
}) {
  // Nothing is on its way: what is to be said depends on what isn't filled in yet.
  const isAwaited = missing !== null && disclosure.fetchStatus === "idle";
  return (
    <div className={css.sign}>
      {question !== undefined && <h3>{question}</h3>}
      {children}
      <h3>Before you sign: who will know what</h3>
      {disclosure.data ? (
        <WhoWillKnow disclosure={disclosure.data} grantee={who} organisation={others} />
      ) : error ? (
        <ErrorNotice error={error} />
      ) : isAwaited ? (
        <p className={css.detail}>It stands here once the rest is filled in.</p>
      ) : (
        <SkeletonRows rows={1} label="who will know what" />
      )}
      <div className={css.foot}>
        <p className={css.footNote}>{missing ?? note}</p>
        <div className={css.actions}>
          <Button variant="default" onClick={onClose}>
            {keep}
          </Button>
          <Button
            {...(isDanger ? { color: "danger" } : {})}
            disabled={!disclosure.data || missing !== null}
            onClick={() => {
              onClose();
              onSign();
            }}
          >
            {act}
          </Button>
        </div>
      </div>
    </div>
  );
}
