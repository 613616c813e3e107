/** Follows the chain for all pages, and tells screen readers of what comes in. */
import { VisuallyHidden } from "@mantine/core";
import { useState } from "react";

import { useInbox } from "../lib/inbox.js";
import { useFollowing } from "../lib/live.js";
import { count } from "../lib/text.js";

/** A live region that nobody sees. */
export function Live() {
  useFollowing();
  const { notices, unread } = useInbox();
  const newest = notices?.[0]?.id;
  const [heard, setHeard] = useState(newest);
  const [words, setWords] = useState("");
  // What was there when the page was opened is no news; the bell says how many.
  if (newest !== heard) {
    setHeard(newest);
    if (heard !== undefined && notices?.[0]?.isNew) setWords(`Your inbox has ${count(unread, "new notice")}.`);
  }
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {words}
    </VisuallyHidden>
  );
}
