/** The way to the inbox, with the number of new notices. */
import { NavLink } from "react-router";

import { useInbox } from "../lib/inbox.js";
import { INBOX } from "./places.js";
import css from "./Shell.module.css";

/** A bell. */
export function Bell() {
  const { unread } = useInbox();
  const { to, label, icon: Shape } = INBOX;
  return (
    <NavLink to={to} className={css.bell} aria-label={unread > 0 ? `${label}, ${unread} new` : label}>
      <Shape size={21} stroke={1.75} aria-hidden />
      <span>{label}</span>
      {unread > 0 && (
        // The space keeps what is seen a part of what is said.
        <span className={css.badge}> {unread > 99 ? "99+" : unread}</span>
      )}
    </NavLink>
  );
}
