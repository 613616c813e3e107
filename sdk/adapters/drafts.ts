/** Where a registration that was begun is kept until it is finished: one sealed file (sdk/core/draft.ts) an account and device. */

/** Durable storage of one draft: what `save` acknowledged survives a crash, whole. */
export interface Drafts {
  /** The draft as last saved, or null when there is none. */
  load(): Promise<Uint8Array | null>;
  /** Replaces the draft in one step. */
  save(bytes: Uint8Array): Promise<void>;
  /** Passes when there is none. */
  remove(): Promise<void>;
}
