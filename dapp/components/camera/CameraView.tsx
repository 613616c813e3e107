/** The camera's picture, what is in its way, and the button that opens it. */
import { Button } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";

import { Notice } from "../Notice.js";
import type { Facing } from "./camera.js";
import css from "./camera.module.css";
import { useCamera } from "./useCamera.js";

/** Opens the camera when asked, and closes it as soon as the page is left. */
export function CameraView({
  facing,
  aim,
  hint,
  instead,
  children,
}: {
  facing: Facing;
  /** The shape to bring into the picture. */
  aim: "face" | "code";
  /** How to hold it, while it is open. */
  hint: string;
  /** What the person can do without a camera, as the end of "Or ...". */
  instead: string;
  /** What can be done with the picture; only once the first one has come, for before it would be black. */
  children: (video: HTMLVideoElement, close: () => void) => ReactNode;
}) {
  const { state, video, open, close } = useCamera(facing, instead);
  const [playing, setPlaying] = useState<HTMLVideoElement | null>(null);
  if (state.is === "open") {
    return (
      <div className={css.camera}>
        <div className={css.picture}>
          <video
            ref={video}
            data-facing={facing}
            autoPlay
            playsInline
            muted
            aria-label="What the camera sees"
            onPlaying={({ currentTarget }) => setPlaying(currentTarget)}
          />
          <div className={css.aim} data-aim={aim} aria-hidden />
        </div>
        <p className={css.hint}>{hint}</p>
        <div className={css.actions}>
          {playing ? (
            children(playing, close)
          ) : (
            <p className={css.hint} role="status">
              The camera is starting.
            </p>
          )}
          <Button variant="subtle" onClick={close}>
            Close the camera
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={css.camera}>
      {state.is === "trouble" && (
        <Notice tone="attention" title={state.trouble.what} live="alert">
          {state.trouble.next}
        </Notice>
      )}
      <Button
        leftSection={<IconCamera size={20} stroke={1.75} aria-hidden />}
        loading={state.is === "opening"}
        onClick={() => {
          setPlaying(null);
          void open();
        }}
      >
        Open the camera
      </Button>
      {state.is === "opening" && (
        <p className={css.hint} role="status">
          Your browser asks whether this page may use the camera. Allow it once.
        </p>
      )}
    </div>
  );
}
