/** A button that opens a panel. Escape, or being done, closes it and leads the keyboard back to the button. */
import { Button, type ButtonProps } from "@mantine/core";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";

/** Whether a panel is open, and how it is opened and closed with the focus where a keyboard expects it. */
export function useExpander() {
  const [isOpen, setOpen] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    // After the panel is gone: what was focused in it can't keep the focus.
    requestAnimationFrame(() => opener.current?.focus());
  };
  const id = useId();
  return { id, isOpen, opener, close, toggle: () => (isOpen ? close() : setOpen(true)) };
}

/** What a panel's button needs, and the panel. */
type Expander = ReturnType<typeof useExpander>;

/** The button. */
export function ExpanderButton({
  expander: { id, isOpen, opener, toggle },
  children,
  ...props
}: { expander: Expander; children: ReactNode } & Pick<ButtonProps, "variant" | "color" | "disabled" | "leftSection">) {
  return (
    <Button ref={opener} aria-expanded={isOpen} aria-controls={isOpen ? id : undefined} onClick={toggle} {...props}>
      {children}
    </Button>
  );
}

/** The panel, when it's open. It takes the focus, so that a screen reader reads on there. */
export function ExpanderPanel({
  expander: { id, isOpen, close },
  label,
  className,
  children,
}: {
  expander: Expander;
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen) panel.current?.focus();
  }, [isOpen]);
  if (!isOpen) return null;
  return (
    <div
      ref={panel}
      id={id}
      className={className}
      role="group"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || isListOpen(event.target)) return;
        event.stopPropagation();
        close();
      }}
    >
      {children}
    </div>
  );
}

/** Whether it is a field whose list is open: Escape closes the list, and no more (WAI-ARIA 1.2, combobox). */
function isListOpen(target: EventTarget): boolean {
  return target instanceof Element && target.matches("[role=combobox][aria-expanded=true]");
}
