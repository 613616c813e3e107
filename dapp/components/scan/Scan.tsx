/** A code comes in: before the camera, from a picture, or typed (002-24, 002-26). */
import { Button, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ComponentType } from "react";

import type { CodeKind } from "../../../sdk/index.js";
import { isSalusFailure } from "../../lib/errors.js";
import { CameraView } from "../camera/CameraView.js";
import { FileDrop } from "../FileDrop.js";
import { ErrorNotice } from "../Notice.js";
import { Card } from "../Rows.js";
import { codeAmong, codeInFile } from "./read.js";
import css from "./scan.module.css";
import { Watch } from "./Watch.js";

/** How a code is shown to the hand that types it. */
const SHORT_LENGTH = 9;

/**
 * Three ways in, the camera first.
 * @param props.onCode gets the text of a code of this kind, checked for being whole
 * @param props.find finds the whole code that a short one stands for; without it there is nothing to type
 * @param props.refusal says what `find` threw
 */
export function Scan({
  kind,
  onCode,
  find,
  refusal = ErrorNotice,
}: {
  kind: CodeKind;
  onCode: (code: string) => void;
  find?: (short: string) => Promise<string>;
  refusal?: ComponentType<{ error: unknown }>;
}) {
  const reading = useMutation({ mutationFn: (file: File) => codeInFile(file, kind), onSuccess: onCode });
  return (
    <div className={css.scan}>
      <Card>
        <p className={css.lead}>
          <strong>Hold the code before the camera</strong>
          <span>On a phone, on a screen or on paper.</span>
        </p>
        <CameraView
          facing="environment"
          aim="code"
          hint="Hold the code into the frame. It is read by itself."
          instead={find ? "choose a picture of the code, or type it" : "choose a picture of the code"}
        >
          {(video, close) => (
            <Watch
              video={video}
              kind={kind}
              onCode={(code) => {
                close();
                onCode(code);
              }}
            />
          )}
        </CameraView>
      </Card>
      <FileDrop
        label="Or drop a picture of the code"
        hint="A photo or a screenshot that shows the whole code. It is read here and sent to nobody."
        onFiles={([file]) => file && reading.mutate(file)}
      />
      {reading.isPending && <p role="status">Looking for a code in the picture.</p>}
      {reading.error && <ErrorNotice error={reading.error} />}
      {find && <Typed kind={kind} find={find} onCode={onCode} refusal={refusal} />}
    </div>
  );
}

function Typed({
  kind,
  find,
  onCode,
  refusal: Refusal,
}: {
  kind: CodeKind;
  find: (short: string) => Promise<string>;
  onCode: (code: string) => void;
  refusal: ComponentType<{ error: unknown }>;
}) {
  const [typed, setTyped] = useState("");
  const finding = useMutation({
    // Who has the whole text of a code may paste it as well.
    mutationFn: (text: string) => (/^salus:/i.test(text) ? codeAmong([text.toUpperCase()], kind) : find(text)),
    onSuccess: onCode,
  });
  const isMistyped = isSalusFailure(finding.error, "CODE_MALFORMED");
  const letters = typed.replace(/[^\p{L}\p{N}]/gu, "");
  return (
    <form
      className={css.typed}
      onSubmit={(event) => {
        event.preventDefault();
        finding.mutate(typed.trim());
      }}
    >
      <div className={css.line}>
        <TextInput
          className={css.field}
          label="Or type the code"
          description="Nine letters and digits, as the patient's screen shows them."
          value={typed}
          onChange={({ currentTarget }) => {
            finding.reset();
            setTyped(currentTarget.value);
          }}
          error={isMistyped && "A letter is mistyped or missing. Compare each with the screen."}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
        <Button type="submit" variant="default" disabled={letters.length < SHORT_LENGTH} loading={finding.isPending}>
          Find
        </Button>
      </div>
      {finding.error && !isMistyped && <Refusal error={finding.error} />}
    </form>
  );
}
