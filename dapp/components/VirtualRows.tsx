/** A long list: only the rows near the screen are in the page. Short lists are rendered whole, so the browser finds text. */
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useLayoutEffect, useRef, useState, type CSSProperties, type ReactNode } from "react";

import css from "./ui.module.css";

/** From this many rows on, only those near the screen are rendered. */
const LONG = 100;

/** How a row is placed. Hand all of it on to `Row`. */
export interface Placement {
  style?: CSSProperties;
  rowRef?: (element: HTMLElement | null) => void;
  index?: number;
  /** How many rows there are, for those who can't see that only some are in the page. */
  total?: number;
}

interface VirtualRowsProps<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Makes the row of an item. */
  render: (item: T, placement: Placement) => ReactNode;
  /** The usual height of a row, in pixels. */
  estimate: (item: T) => number;
  label: string;
}

/** A card of rows. */
export function VirtualRows<T>(props: VirtualRowsProps<T>) {
  const { items, render, label } = props;
  if (items.length < LONG) {
    return (
      <ul className={css.card} aria-label={label}>
        {items.map((item) => render(item, {}))}
      </ul>
    );
  }
  return <Virtual {...props} />;
}

function Virtual<T>({ items, keyOf, render, estimate, label }: VirtualRowsProps<T>) {
  const list = useRef<HTMLUListElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => setScrollMargin(list.current?.offsetTop ?? 0), []);
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: (i) => estimate(items[i] as T),
    getItemKey: (i) => keyOf(items[i] as T),
    overscan: 8,
    scrollMargin,
  });
  return (
    <ul
      ref={list}
      className={css.card}
      aria-label={label}
      style={{ position: "relative", blockSize: virtualizer.getTotalSize() }}
    >
      {virtualizer.getVirtualItems().map(({ index, start }) =>
        render(items[index] as T, {
          index,
          total: items.length,
          rowRef: virtualizer.measureElement,
          style: {
            position: "absolute",
            insetInline: 0,
            insetBlockStart: 0,
            transform: `translateY(${start - scrollMargin}px)`,
          },
        }),
      )}
    </ul>
  );
}
