/** What the matcher and its thread say to each other. */
import type { ErrorCode } from "../../../sdk/index.js";
import type { FaceMatch } from "./types.js";

/** A call, numbered so that a late answer isn't taken for another's. Without `live` the photo on file is only checked. */
export interface Call {
  id: number;
  onFile: Uint8Array;
  live?: Uint8Array;
}

/** What the thread says: first that the model is loaded, then one answer to each call. */
export type Report =
  | { kind: "ready" }
  | { kind: "answer"; id: number; match: FaceMatch | null }
  | { kind: "refusal"; id: number; code: ErrorCode; details: Readonly<Record<string, string | number | boolean>> };
