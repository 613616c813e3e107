/** A camera as long as it is needed: opened when asked, let go when closed or when the page is left. */
import { useEffect, useRef, useState, type RefObject } from "react";

import { closeCamera, openCamera, troubleOf, type CameraTrouble, type Facing } from "./camera.js";

/** How far the camera is. */
type State =
  | { is: "closed" }
  | { is: "opening" }
  | { is: "open"; stream: MediaStream }
  | { is: "trouble"; trouble: CameraTrouble };

/** A camera, and the element that shows its picture. */
export interface Camera {
  state: State;
  video: RefObject<HTMLVideoElement | null>;
  open: () => Promise<void>;
  close: () => void;
}

/** See `openCamera` and `troubleOf` for what is given. */
export function useCamera(facing: Facing, instead: string): Camera {
  const [state, setState] = useState<State>({ is: "closed" });
  const video = useRef<HTMLVideoElement>(null);
  const isGone = useRef(false);
  const stream = state.is === "open" ? state.stream : null;

  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  useEffect(() => {
    if (!stream) return;
    const element = video.current;
    if (element) element.srcObject = stream;
    // Unplugged, or taken back in the browser's settings.
    const onEnded = () =>
      setState({ is: "trouble", trouble: troubleOf(new DOMException("ended", "NotFoundError"), instead) });
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", onEnded);
    return () => {
      track?.removeEventListener("ended", onEnded);
      closeCamera(stream);
    };
  }, [stream, instead]);

  return {
    state,
    video,
    open: async () => {
      setState({ is: "opening" });
      try {
        const opened = await openCamera(facing);
        if (isGone.current) closeCamera(opened);
        else setState({ is: "open", stream: opened });
      } catch (error) {
        setState({ is: "trouble", trouble: troubleOf(error, instead) });
      }
    },
    close: () => setState({ is: "closed" }),
  };
}
