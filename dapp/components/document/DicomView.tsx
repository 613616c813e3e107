/**
 * A DICOM picture on a canvas, with its window: two sliders, or dragging on the picture. What needs a decoder isn't drawn:
 * a picture that was decoded wrongly looks like one that is right.
 */
import { Button } from "@mantine/core";
import { useEffect, useId, useMemo, useRef, useState, type PointerEvent } from "react";

import { plain } from "../../lib/text.js";
import { Notice } from "../Notice.js";
import { Facts } from "../Rows.js";
import { dragged, readDicom, type DicomImage, type DicomProblem } from "./dicom.js";
import css from "./document.module.css";

const PROBLEMS: Readonly<Record<DicomProblem, readonly [title: string, words: string]>> = {
  compressed: [
    "This DICOM picture is compressed.",
    "It isn't decoded here, so that nobody judges by a picture that came out wrong. Download it and open it with a DICOM program.",
  ],
  colour: ["This DICOM picture isn't in greys.", "Download it and open it with a DICOM program."],
  unusual: ["There is no picture here that can be shown.", "Download it and open it with a DICOM program."],
  damaged: [
    "This DICOM file is damaged.",
    "It ends too early, or says what can't be. It arrived as it was signed for: ask whoever wrote it.",
  ],
};

/** Shows a file. */
export default function DicomView({ bytes }: { bytes: Uint8Array }) {
  const image = useMemo(() => readDicom(bytes), [bytes]);
  if (typeof image === "string") return <Notice title={PROBLEMS[image][0]}>{PROBLEMS[image][1]}</Notice>;
  return <Picture image={image} />;
}

function Picture({ image }: { image: DicomImage }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [window, setWindow] = useState(image.window);
  const [frame, setFrame] = useState(0);
  const from = useRef<{ x: number; y: number; window: typeof window } | null>(null);
  const { rows, columns, frames, low, high, draw, facts } = image;
  const span = high - low + 1;

  useEffect(() => {
    // One picture a frame of the screen, however fast somebody drags.
    const next = requestAnimationFrame(() =>
      canvas.current?.getContext("2d")?.putImageData(new ImageData(draw(frame, window), columns, rows), 0, 0),
    );
    return () => cancelAnimationFrame(next);
  }, [draw, frame, window, columns, rows]);

  const grab = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY, window };
  };
  const drag = ({ clientX, clientY }: PointerEvent) => {
    const { x, y, window: began } = from.current ?? {};
    if (x !== undefined && y !== undefined && began) setWindow(dragged(began, clientX - x, clientY - y, span));
  };
  const release = () => {
    from.current = null;
  };
  return (
    <div className={css.dicom}>
      <canvas
        ref={canvas}
        width={columns}
        height={rows}
        className={css.picture}
        role="img"
        aria-label={`Picture ${frame + 1} of ${frames}, ${columns} by ${rows} pixels`}
        onPointerDown={grab}
        onPointerMove={drag}
        onPointerUp={release}
        onPointerCancel={release}
      />
      <p className={css.hint}>Drag on the picture: up and down for brightness, left and right for contrast.</p>
      <div className={css.sliders}>
        {frames > 1 && (
          <Slider
            label="Picture"
            value={frame}
            low={0}
            high={frames - 1}
            say={(value) => `${value + 1} of ${frames}`}
            onChange={setFrame}
          />
        )}
        <Slider
          label="Centre"
          value={window.center}
          low={Math.min(low, window.center)}
          high={Math.max(high, window.center)}
          onChange={(center) => setWindow({ ...window, center })}
        />
        <Slider
          label="Width"
          value={window.width}
          low={1}
          high={Math.max(span * 2, window.width)}
          onChange={(width) => setWindow({ ...window, width })}
        />
        <Button variant="default" onClick={() => setWindow(image.window)}>
          As it came
        </Button>
      </div>
      <Facts
        facts={[
          ...facts.map(([label, value]) => [label, plain(value)] as const),
          ["Size", `${columns} × ${rows}${frames > 1 ? `, ${frames} pictures` : ""}`],
        ]}
      />
    </div>
  );
}

function Slider({
  label,
  value,
  low,
  high,
  say = (shown) => String(Math.round(shown)),
  onChange,
}: {
  label: string;
  value: number;
  low: number;
  high: number;
  say?: (value: number) => string;
  onChange: (value: number) => void;
}) {
  const id = useId();
  return (
    <div className={css.slider}>
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="range"
        min={low}
        max={high}
        step={high - low > 4 ? 1 : "any"}
        value={value}
        aria-valuetext={say(value)}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <output htmlFor={id}>{say(value)}</output>
    </div>
  );
}
