/** "Who will know what" by registering, by moving to another wallet and by deregistering (001-02, 004-07, 002-44). */
import type { Address, PatientId } from "../types.js";
import { shortId, type Disclosure } from "./disclosure.js";
import type { Terms } from "./terms.js";

/** What the words about a registration depend on: a part of `Enrolment`. */
interface Registration {
  session: { account: Address };
  backup: Uint8Array | null;
  proof: { patientId: PatientId; registryName: string; evidence: readonly string[] } | null;
  cover: { insurerName: string; terms: Terms | null } | null;
}

/** What registering tells whom. */
export function discloseRegistration({ session, backup, proof, cover }: Registration): Disclosure {
  const pseudonym = proof ? shortId(proof.patientId) : "your pseudonym";
  const registry = proof?.registryName ?? "The civil registry";
  const saw = proof?.evidence.includes("face") ? ", and has compared your face with its photo" : "";
  return {
    grantee: [
      `${registry} knows who you are${saw}. It knows your account, so it can tell which pseudonym is yours.`,
      ...(cover
        ? [
            `${cover.insurerName} knows your name, your birth date, your card and your pseudonym, as it must to insure you.`,
          ]
        : []),
    ],
    organisation: [
      "The storage keeps your profile sealed: only you can open it.",
      ...(backup
        ? ["It keeps your key under your passphrase. Whoever guesses the passphrase has the key."]
        : ["Your key stays as it is."]),
    ],
    everyone: [
      `That account ${shortId(session.account)} registered as ${pseudonym} with ${registry}, and when.`,
      "That it has seven drawers. Not what they are called.",
      ...(cover ? [`That ${pseudonym} accepted a policy of ${cover.insurerName}, its wording, and its term.`] : []),
      ...(cover?.terms ? ["What that policy pays of bills: deductible, co-payment and limit."] : []),
      "Not your name, your national id, your birth date, your card, nor what the schedule says.",
    ],
  };
}

/** What handing the record over to another account tells whom. */
export function discloseMove(move: { patientId: PatientId; from: Address; to: Address }): Disclosure {
  const [from, to] = [shortId(move.from), shortId(move.to)];
  return {
    grantee: [
      "Whoever has access to your documents keeps it, until you stop it from the new account.",
      `What others gave account ${from} itself access to stays with that account.`,
    ],
    organisation: ["The storage gets nothing new. The same passphrase opens the same backup."],
    everyone: [
      `That account ${to} acts for ${shortId(move.patientId)} from now on, and ${from} doesn't any more, and when.`,
      "So that both accounts are the same person's. Not whose.",
    ],
  };
}

/** What deregistering tells whom, and what it can't undo. */
export function discloseDeregistration(patient: { patientId: PatientId }): Disclosure {
  const pseudonym = shortId(patient.patientId);
  return {
    grantee: [
      "Nobody can be given access any more, you included. Whoever has opened a document may have kept it.",
      "Whoever keeps your keys and finds a copy of a sealed document somewhere can still open it.",
    ],
    organisation: [
      "The storage is asked to forget your profile, your backup, and what opens your documents. Copies that other nodes have made stay.",
      "Your insurer and those who treated you keep their own files.",
    ],
    everyone: [
      `That ${pseudonym} was given up, and when. All that the chain says of it stays for ever.`,
      "It can't be undone. You may register anew, as another pseudonym with an empty record.",
    ],
  };
}
