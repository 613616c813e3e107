/**
 * The one door to the SDK: chain and crypto code is loaded when first needed, so that the first page is small. Types are
 * imported where they are used; they cost nothing.
 */
import type * as Sdk from "../../sdk/index.js";

let loading: Promise<typeof Sdk> | undefined;

/** The SDK. A load that failed (the network went away) is tried anew by the next call. */
export function loadSdk(): Promise<typeof Sdk> {
  loading ??= import("../../sdk/index.js").catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
