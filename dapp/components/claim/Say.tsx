/** Saying something about a claim: why it is disputed, a question, an answer. Sealed to patient, hospital and insurer. */
import { Textarea, type ButtonProps } from "@mantine/core";
import { useState } from "react";

import type { Claim } from "../../../sdk/index.js";
import { useOpenSession } from "../../lib/session.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../Expander.js";
import { SignPanel, useDisclosure } from "../SignPanel.js";
import { say, type Saying } from "./acts.js";
import css from "./claim.module.css";
import type { ClaimNames } from "./ClaimStory.js";

const LONGEST = 4_000;

const WORDS: Record<Saying, { label: string; hint: string; note: string; keep: string }> = {
  disputed: {
    label: "What is wrong with it",
    hint: "For instance a service that you didn't get. May be left empty.",
    note: "You can take it back by confirming the bill.",
    keep: "Not now",
  },
  asked: {
    label: "Your question",
    hint: "What you need to know before you decide. The hospital answers; the patient reads both.",
    note: "Your time to decide stands still until the hospital answers.",
    keep: "Not now",
  },
  answered: {
    label: "Your answer",
    hint: "The insurer and the patient read it.",
    note: "The insurer's time to decide begins anew, and the patient's to look.",
    keep: "Not now",
  },
};

/** The button, and below it the words and the signature. */
export function Say({
  claim,
  kind,
  act,
  names,
  isBusy,
  ...button
}: {
  claim: Claim;
  kind: Saying;
  act: string;
  names: ClaimNames;
  isBusy: boolean;
} & Pick<ButtonProps, "variant" | "color">) {
  const expander = useExpander();
  return (
    <>
      <ExpanderButton expander={expander} disabled={isBusy} {...button}>
        {act}
      </ExpanderButton>
      <ExpanderPanel expander={expander} label={act} className={css.panel}>
        <Words claim={claim} kind={kind} act={act} names={names} onClose={expander.close} />
      </ExpanderPanel>
    </>
  );
}

function Words({
  claim,
  kind,
  act,
  names,
  onClose,
}: {
  claim: Claim;
  kind: Saying;
  act: string;
  names: ClaimNames;
  onClose: () => void;
}) {
  const session = useOpenSession();
  const [text, setText] = useState("");
  const { label, hint, note, keep } = WORDS[kind];
  const disclosure = useDisclosure(`claim ${kind}`, names, ({ discloseClaimNote }, { hospital, insurer }) =>
    discloseClaimNote(kind, { hospitalName: hospital, insurerName: insurer }),
  );
  const isEmpty = kind !== "disputed" && text.trim() === "";
  return (
    <SignPanel
      disclosure={disclosure}
      who="Patient, hospital, insurer"
      note={note}
      missing={isEmpty ? "Write a few words first." : null}
      keep={keep}
      act={act}
      isDanger={kind === "disputed"}
      onClose={onClose}
      onSign={() => void say(session, claim, kind, text)}
    >
      <Textarea
        label={label}
        description={hint}
        autosize
        minRows={3}
        maxLength={LONGEST}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
    </SignPanel>
  );
}
