/** Giving a registration up, at any step. */
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";

import type { OwnSession } from "../../lib/heavy.js";
import { discard } from "./enrolling.js";
import css from "./register.module.css";
import { Refusal } from "./Refusal.js";

/** A link that asks once more before it removes what was kept. */
export function Discard({ session, onDiscard }: { session: OwnSession; onDiscard: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const discarding = useMutation({ mutationFn: () => discard(session), onSuccess: onDiscard });
  return (
    <>
      {isAsking ? (
        <div className={css.actions} role="group" aria-label="Discard this registration">
          <p className={css.hint}>Nothing of it is on the chain. Discard what is kept here, and begin anew?</p>
          <Button variant="default" color="danger" loading={discarding.isPending} onClick={() => discarding.mutate()}>
            Discard it
          </Button>
          <Button variant="subtle" onClick={() => setAsking(false)}>
            Keep it
          </Button>
        </div>
      ) : (
        <div className={css.aligned}>
          <Button variant="subtle" color="danger" onClick={() => setAsking(true)}>
            Discard and begin anew
          </Button>
        </div>
      )}
      {discarding.error && <Refusal error={discarding.error} retry={() => discarding.mutate()} />}
    </>
  );
}
