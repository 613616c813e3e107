/** What each side does about a claim; each is one signature. What is shown before stands in Say.tsx and where they are used. */
import type { Claim, DecisionDraft, PreparedBill } from "../../../sdk/index.js";
import type { OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { transact } from "../../lib/transactions.js";

/** Changes of one claim; its pages show them. */
export const claimTopic = (visitId: string) => `claims/${visitId}`;

/** What is said in words, by whom. */
export type Saying = "disputed" | "asked" | "answered";

/** Bills the visit, as its hospital. What was typed is needed until `whenBilled`, however often it takes. */
export function bill(session: OwnSession, prepared: PreparedBill, whenBilled: () => void): Promise<unknown> {
  return transact(about(session, prepared, "Billing"), async ({ onStatus }) => {
    await (await loadSdk()).submitBill(session, prepared, { onStatus });
    whenBilled();
  });
}

/** Says that the bill is right, as the patient. */
export function confirm(session: OwnSession, claim: Claim): Promise<unknown> {
  return transact(about(session, claim, "Confirming the bill"), async ({ onStatus }) =>
    (await loadSdk()).confirmClaim(session, claim, { onStatus }),
  );
}

/** Disputes, asks or answers. */
export function say(session: OwnSession, claim: Claim, kind: Saying, text: string): Promise<unknown> {
  const titles = { disputed: "Disputing the bill", asked: "Asking", answered: "Answering" };
  return transact(about(session, claim, titles[kind]), async ({ onStatus }) => {
    const { answerClaim, askAboutClaim, disputeClaim } = await loadSdk();
    const act = { disputed: disputeClaim, asked: askAboutClaim, answered: answerClaim }[kind];
    return act(session, claim, text, { onStatus });
  });
}

/** Takes the bill back, as the hospital. */
export function takeBack(session: OwnSession, claim: Claim): Promise<unknown> {
  return transact(about(session, claim, "Taking the bill back"), async ({ onStatus }) =>
    (await loadSdk()).withdrawClaim(session, claim, { onStatus }),
  );
}

/** Decides and pays, as the insurer. */
export function decide(session: OwnSession, claim: Claim, decision: DecisionDraft): Promise<unknown> {
  return transact(about(session, claim, "Deciding"), async ({ onStatus }) =>
    (await loadSdk()).decideClaim(session, claim, decision, { onStatus }),
  );
}

function about({ account }: OwnSession, { visitId }: { visitId: string }, title: string) {
  return { topic: claimTopic(visitId), title, account };
}
