/** Drop a file, or choose one. */
import { Button } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useDropzone } from "react-dropzone";

import { bytes } from "../lib/text.js";
import { RowIcon } from "./Rows.js";
import css from "./FileDrop.module.css";

/** The SDK's MAX_DOCUMENT_SIZE, told before the SDK is loaded. */
const MAX_SIZE = 256 * 1024 * 1024;

/** A place to drop files. The keyboard reaches its button. */
export function FileDrop({
  label,
  hint,
  multiple = false,
  onFiles,
}: {
  label: string;
  hint: string;
  multiple?: boolean;
  onFiles: (files: File[]) => void;
}) {
  const [problem, setProblem] = useState<string | null>(null);
  const id = useId();
  const { getRootProps, getInputProps, isDragActive, open } = useDropzone({
    multiple,
    maxSize: MAX_SIZE,
    minSize: 1,
    noKeyboard: true,
    noClick: true,
    onDrop: (accepted, rejected) => {
      const [first] = rejected;
      const isLarge = first?.errors.some(({ code }) => code === "file-too-large");
      setProblem(
        first
          ? isLarge
            ? `This file is larger than ${bytes(MAX_SIZE)}. Split it, or leave out what isn't needed.`
            : first.file.size === 0
              ? "This file is empty. Choose one that has content."
              : "Only one file at a time here."
          : null,
      );
      if (accepted.length > 0) onFiles(accepted);
    },
  });
  return (
    <div
      {...getRootProps({ className: css.drop, role: "group", "aria-labelledby": id })}
      data-over={isDragActive || undefined}
    >
      {/* The button beside it says and does the same. */}
      <input {...getInputProps({ "aria-hidden": true })} />
      <RowIcon icon={IconFileUpload} tone="brand" />
      <div className={css.text}>
        <div className={css.what} id={id}>
          {isDragActive ? "Let go to drop it here" : label}
        </div>
        <div className={css.hint}>{hint}</div>
        {problem !== null && (
          <div className={css.problem} role="alert">
            {problem}
          </div>
        )}
      </div>
      <Button variant="default" onClick={open}>
        Choose a file
      </Button>
    </div>
  );
}
