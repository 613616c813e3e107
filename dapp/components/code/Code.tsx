/**
 * A QR code to be scanned from a screen (ISO/IEC 18004): black on white in every look, with its quiet zone, as large as
 * the screen allows. It is drawn here; nothing of it is asked for elsewhere.
 */
import { VisuallyHidden } from "@mantine/core";
import { useMemo } from "react";
import { encode } from "uqr";

import css from "./code.module.css";
import { useAwake } from "./useAwake.js";

/** White around the code, in modules: what the standard asks for. */
const QUIET = 4;

/** The dark modules as one path, a rectangle for each run of a line, and how many modules a side has with its margin. */
function draw(text: string): { path: string; side: number } {
  // "M" mends 15 %: a smear or a glare. More would make the modules smaller.
  const { data, size } = encode(text, { ecc: "M", border: 0 });
  const runs = data.flatMap((line, y) =>
    [
      ...line
        .map((isDark) => (isDark ? "1" : "0"))
        .join("")
        .matchAll(/1+/g),
    ].map(({ index, 0: { length } }) => `M${index + QUIET} ${y + QUIET}h${length}v1h-${length}z`),
  );
  return { path: runs.join(""), side: size + 2 * QUIET };
}

/** The code. @param props.text what the SDK's `encodeCode` says; @param props.label what it is, for who can't see it */
export function Code({ text, label }: { text: string; label: string }) {
  const { path, side } = useMemo(() => draw(text), [text]);
  useAwake();
  return (
    <figure className={css.figure}>
      <svg
        className={css.code}
        viewBox={`0 0 ${side} ${side}`}
        role="img"
        aria-label={label}
        shapeRendering="crispEdges"
      >
        <rect width={side} height={side} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <figcaption className={css.hint}>
        Hold the screen towards the camera, an arm&apos;s length away. If it isn&apos;t read, make your screen brighter.
      </figcaption>
    </figure>
  );
}

/** A code to be read out and typed, such as XXXX-XXXX-X; screen readers spell it. */
export function ShortCode({ code }: { code: string }) {
  return (
    <span className={css.short}>
      <span aria-hidden>{code}</span>
      <VisuallyHidden>{code.split("").join(" ").replaceAll("-", "dash")}</VisuallyHidden>
    </span>
  );
}
