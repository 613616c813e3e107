/** What the photo match is to the rest of the service (002-38): one process, one matcher, made by `startFaceMatcher`. */

/** Compares faces. It works beside the thread that answers requests, one photo pair after another. */
export interface FaceMatcher {
  /**
   * Compares the face of a photo taken now with that of the photo on file.
   * @param live JPEG or PNG, as the camera gave it
   * @param onFile JPEG or PNG from the registry's database
   * @throws SalusError PHOTO_TOO_LARGE, PHOTO_UNREADABLE, NO_FACE, SEVERAL_FACES, FACE_TOO_SMALL, each with
   *   `details.photo` "live" or "on file": the latter is the registry's own affair, not the caller's fault; SERVICE_BUSY
   *   when too many wait, when one took too long, when the matcher crashed over it and when it is closed
   */
  match(live: Uint8Array, onFile: Uint8Array): Promise<FaceMatch>;

  /**
   * Whether a photo can be matched at all: to be asked before it is filed.
   * @throws SalusError as `match`, with `details.photo` "on file"
   */
  check(photo: Uint8Array): Promise<void>;

  /**
   * Whether the next photo would be looked at: for the readiness endpoint. False while the model loads, after it failed to,
   * and once closed; true before the first photo if the model is to be loaded with it.
   */
  isReady(): boolean;

  /** Ends the thread. What waits is refused with SERVICE_BUSY. */
  close(): Promise<void>;
}

/** What a comparison gave. */
export interface FaceMatch {
  /** Euclidean distance of the two descriptors: 0 is the same photo, different people are about 0.4 to 0.9 apart. */
  distance: number;
  /** Whether the distance is at most the threshold. */
  isMatch: boolean;
}

/** How the matcher works; every field has a default. */
export interface FaceMatcherOptions {
  /** How many calls may wait; one more is refused with SERVICE_BUSY. Default 16. */
  queue?: number;
  /** Milliseconds that one call may take once it is its turn. Then the thread is ended and another takes its place. Default 20,000. */
  timeout?: number;
  /** Loads the model now instead of at the first photo; startFaceMatcher then resolves when it is loaded. Default false. */
  eager?: boolean;
}
