/** Looks at a camera's picture until it shows the code that is awaited. */
import { useEffect, useEffectEvent, useState } from "react";

import type { CodeKind } from "../../../sdk/index.js";
import { ErrorNotice } from "../Notice.js";
import { isSalusFailure } from "../../lib/errors.js";
import { codeAmong, codesIn } from "./read.js";

/** Between two looks: quick for a hand that holds a phone, and the device stays cool. */
const PAUSE_MS = 150;

/** Calls `onCode` once, with the first code of this kind. Says so when another code is held before the camera. */
export function Watch({
  video,
  kind,
  onCode,
}: {
  video: HTMLVideoElement;
  kind: CodeKind;
  onCode: (code: string) => void;
}) {
  const [problem, setProblem] = useState<unknown>(null);
  const found = useEffectEvent(onCode);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isGone = false;
    const look = async () => {
      let isOver = false;
      try {
        const texts = await codesIn(video);
        if (texts.length > 0) {
          const code = await codeAmong(texts, kind);
          isOver = true;
          if (!isGone) found(code);
        }
      } catch (error) {
        // Another code may be followed by the right one; a decoder that can't be loaded is not.
        isOver = !isSalusFailure(error);
        // The same words again would be read out again.
        if (!isGone) setProblem((before: unknown) => (isSame(before, error) ? before : error));
      }
      if (!isOver && !isGone) timer = setTimeout(() => void look(), PAUSE_MS);
    };
    void look();
    return () => {
      isGone = true;
      clearTimeout(timer);
    };
  }, [video, kind]);
  return problem === null ? null : <ErrorNotice error={problem} />;
}

function isSame(one: unknown, other: unknown): boolean {
  return isSalusFailure(one) && isSalusFailure(other) && one.code === other.code;
}
