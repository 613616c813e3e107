/**
 * Where something that was begun is kept on a device until it is finished, one sealed file an account: a registration
 * (flows/enrolment-draft.ts), and permits that were given and not used yet (flows/permit.ts).
 */

/** Durable storage of one file: what `save` acknowledged survives a crash, whole. */
export interface Drafts {
  /** The file as last saved, or null when there is none. */
  load(): Promise<Uint8Array | null>;
  /** Replaces the file in one step. */
  save(bytes: Uint8Array): Promise<void>;
  /** Passes when there is none. */
  remove(): Promise<void>;
}
