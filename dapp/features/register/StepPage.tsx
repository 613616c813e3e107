/** One step on one screen: where one is among all steps, one sentence, the step itself. */
import { VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";

import { Page } from "../../components/Page.js";
import { addressOf, indexOf, STEPS, type StepId } from "./steps.js";
import css from "./register.module.css";

/** A step's screen. */
export function StepPage({
  step,
  title,
  sentence,
  back,
  children,
}: {
  step: StepId;
  title: string;
  sentence: ReactNode;
  /** The step before, when one may go back to it. */
  back?: StepId;
  children: ReactNode;
}) {
  return (
    <Page
      title={title}
      sentence={sentence}
      {...(back === undefined ? {} : { back: { to: addressOf(back), label: STEPS[indexOf(back)]?.name ?? "Back" } })}
    >
      <StepList step={step} />
      <div className={css.body}>{children}</div>
    </Page>
  );
}

/** All steps: done, now, to come. In words first, then as a line. */
function StepList({ step }: { step: StepId }) {
  const now = indexOf(step);
  return (
    <div className={css.steps}>
      <p className={css.where}>
        Step {now + 1} of {STEPS.length}
      </p>
      <ol className={css.list} aria-label="Steps of registering">
        {STEPS.map(({ id, name }, i) => (
          <li
            key={id}
            className={css.step}
            data-state={i < now ? "done" : i === now ? "now" : "later"}
            {...(i === now ? { "aria-current": "step" as const } : {})}
          >
            <span className={css.stepName}>
              {i < now && <IconCheck size={15} stroke={2.25} aria-hidden />}
              {name}
              {i < now && <VisuallyHidden>, done</VisuallyHidden>}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
