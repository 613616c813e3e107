/** The camera: its picture, and a button that takes it. */
import { Button } from "@mantine/core";
import { IconCamera } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";

import { Notice } from "../../components/Notice.js";
import { closeCamera, openCamera, takePhoto, troubleOf, type CameraTrouble, type Photo } from "./photo.js";
import css from "./register.module.css";

type State =
  | { is: "closed" }
  | { is: "opening" }
  | { is: "open"; stream: MediaStream }
  | { is: "trouble"; trouble: CameraTrouble };

/** Opens the camera when asked, and closes it as soon as the photo is taken or the page is left. */
export function Camera({ onPhoto }: { onPhoto: (photo: Photo) => void }) {
  const [state, setState] = useState<State>({ is: "closed" });
  // Before the first picture has come, a photo would be black.
  const [isPlaying, setPlaying] = useState(false);
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
    const onEnded = () => setState({ is: "trouble", trouble: troubleOf(new DOMException("ended", "NotFoundError")) });
    const [track] = stream.getVideoTracks();
    track?.addEventListener("ended", onEnded);
    return () => {
      track?.removeEventListener("ended", onEnded);
      closeCamera(stream);
    };
  }, [stream]);

  const start = async () => {
    setState({ is: "opening" });
    setPlaying(false);
    try {
      const opened = await openCamera();
      if (isGone.current) closeCamera(opened);
      else setState({ is: "open", stream: opened });
    } catch (error) {
      setState({ is: "trouble", trouble: troubleOf(error) });
    }
  };
  const take = async () => {
    if (!video.current) return;
    const photo = await takePhoto(video.current);
    setState({ is: "closed" });
    onPhoto(photo);
  };

  if (stream) {
    return (
      <div className={css.camera}>
        <div className={css.picture}>
          <video
            ref={video}
            autoPlay
            playsInline
            muted
            aria-label="What the camera sees"
            onPlaying={() => setPlaying(true)}
          />
          <div className={css.oval} aria-hidden />
        </div>
        <p className={css.hint}>
          Face the camera in even light, alone, without glasses or hat, your whole face in the oval.
        </p>
        <div className={css.actions}>
          {isPlaying ? (
            <Button
              autoFocus
              leftSection={<IconCamera size={20} stroke={1.75} aria-hidden />}
              onClick={() => void take()}
            >
              Take the photo
            </Button>
          ) : (
            <p className={css.hint} role="status">
              The camera is starting.
            </p>
          )}
          <Button variant="subtle" onClick={() => setState({ is: "closed" })}>
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
        onClick={() => void start()}
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
