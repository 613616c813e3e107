/** A page: a title, one sentence of what is true now, and sections. */
import { IconArrowLeft } from "@tabler/icons-react";
import { useEffect, useRef, type ReactNode } from "react";
import { Link } from "react-router";

import css from "./ui.module.css";

/** How many pages were shown: the first leaves the focus where the browser has it. */
let shown = 0;

/** A page of the DApp. `sentence` tells what is true for this person now. */
export function Page({
  title,
  sentence,
  back,
  action,
  children,
}: {
  title: string;
  sentence?: ReactNode;
  back?: { to: string; label: string };
  action?: ReactNode;
  children?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Salus`;
  }, [title]);
  useEffect(() => {
    // Screen readers learn of the new page by its heading.
    if (shown++ > 0) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className={css.page}>
      <header className={css.head}>
        <div className={css.headText}>
          {back && (
            <Link to={back.to} className={css.back}>
              <IconArrowLeft size={18} stroke={1.75} aria-hidden />
              {back.label}
            </Link>
          )}
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {sentence !== undefined && <p className={css.sentence}>{sentence}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A part of a page with its own heading. */
export function Section({
  title,
  hint,
  action,
  children,
}: {
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={css.section} aria-label={title}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {action}
      </div>
      {hint !== undefined && hint !== false && <p className={css.sectionHint}>{hint}</p>}
      {children}
    </section>
  );
}
