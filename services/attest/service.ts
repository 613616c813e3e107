/** What the routes of a service work with. */
import type { SalusError, Session } from "../../sdk/index.js";
import type { Audit, Outcome, Question } from "./audit.js";
import type { Database } from "./database/index.js";
import { outcomeOf } from "./errors.js";
import type { FaceMatcher } from "./face/types.js";
import type { Face, PhotoRule } from "./faces.js";
import { checkGuesses, type Limits, type Turns } from "./limits.js";
import type { Tagger } from "./tags.js";

export interface Service {
  face: Face;
  name: string;
  /** The signing account, with its root. */
  session: Session & { root: Uint8Array };
  db: Database;
  audit: Audit;
  limits: Limits;
  turns: Turns;
  tag: Tagger;
  /** Present time, Unix seconds. */
  now: () => number;
  /** Under which a sign-in names this service, without a slash at the end. Known once it listens. */
  publicUrl: () => string;
  /** Whether a page at this host may sign somebody in. */
  isOwnPage: (domain: string) => boolean;
  /** A registry's. */
  photo: PhotoRule;
  /** A registry's eyes; null at the other faces. */
  faces: FaceMatcher | null;
}

/**
 * Decides about one question: refuses when there were too many guesses, checks, notes the outcome, and only then signs.
 * Questions about the same subject wait for each other until their outcome is noted.
 * @param check finds out whether the question deserves an answer, and throws the refusal if not
 * @param issue signs; its nonce is the number of the audit row, which is on the disk by then
 */
export async function decide<Grounds, Answer>(
  service: Service,
  question: Question,
  check: () => Promise<Grounds>,
  issue: (grounds: Grounds, nonce: bigint) => Promise<Answer>,
): Promise<Answer> {
  const note = (outcome: Outcome) => service.audit.append(question, outcome, service.now());
  const { grounds, nonce } = await service.turns.take(question.subject, async () => {
    const found = await noting(note, async () => {
      await checkGuesses(service.db, service.limits, question, service.now());
      return check();
    });
    return { grounds: found, nonce: await note("issued") };
  });
  return noting(note, () => issue(grounds, nonce));
}

/** Does `work`, and notes why it came to nothing. @throws what `work` threw */
async function noting<T>(note: (outcome: Outcome) => Promise<bigint>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await note(outcomeOf(error));
    throw error as SalusError;
  }
}
