/** The frame around every page: rail (or bar), banners, who is here. */
import { IconLeaf } from "@tabler/icons-react";
import { Suspense, type ReactNode } from "react";
import { Link, NavLink } from "react-router";

import { Page } from "../components/Page.js";
import { SkeletonRows } from "../components/Rows.js";
import { useChainState } from "../lib/connection.js";
import { useIdentity, useOwnName } from "../lib/identity.js";
import { useSession } from "../lib/session.js";
import { plain, short } from "../lib/text.js";
import { useAttention } from "../lib/attention.js";
import { Banners } from "./Banners.js";
import { Bell } from "./Bell.js";
import { Live } from "./Live.js";
import { placesFor } from "./places.js";
import css from "./Shell.module.css";

function Brand() {
  return (
    <Link to="/" className={css.brand}>
      <span className={css.logo} aria-hidden>
        <IconLeaf size={16} stroke={2} />
      </span>
      Salus
    </Link>
  );
}

/** Who is here: a name on this side, a pseudonym on the chain's. */
function Me({ className }: { className?: string }) {
  const { connected } = useSession();
  const { data: identity } = useIdentity();
  const own = useOwnName();
  if (!connected) return null;
  const id = identity?.patientId ?? connected.account;
  return (
    <Link to="/account" className={className}>
      {own && <div className={css.meName}>{plain(own.name)}</div>}
      <div className={css.meId}>
        known on chain as <span style={{ whiteSpace: "nowrap" }}>{short(id)}</span>
      </div>
    </Link>
  );
}

/** The frame. */
export function Shell({ children }: { children: ReactNode }) {
  const { connected } = useSession();
  const { data: identity } = useIdentity();
  const attention = useAttention();
  const { state } = useChainState();
  const isAnotherChain = state === "restarted" || state === "wrong";
  return (
    <>
      <a
        className={css.skip}
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("main")?.focus();
        }}
      >
        Skip to the content
      </a>
      <Live />
      <div className={css.shell}>
        <header className={css.top}>
          <Brand />
          <div className={css.topEnd}>
            {connected && <Bell />}
            <Me className={css.meTop} />
          </div>
        </header>
        <nav className={css.rail} aria-label="Places">
          <Brand />
          <ul className={css.places}>
            {placesFor(connected !== null, identity).map(({ to, label, icon: Shape, isWideOnly }) => (
              <li key={to} className={isWideOnly ? css.wideOnly : undefined}>
                <NavLink to={to} className={css.place}>
                  <Shape size={21} stroke={1.75} aria-hidden />
                  {label}
                  {(attention[to] ?? 0) > 0 && (
                    <span className={css.badge} aria-label={`, ${attention[to] ?? 0} need you`}>
                      {attention[to]}
                    </span>
                  )}
                </NavLink>
              </li>
            ))}
          </ul>
          {connected && (
            <div className={css.railBell}>
              <Bell />
            </div>
          )}
          <Me className={css.me} />
        </nav>
        <main id="main" className={css.main} tabIndex={-1}>
          <div className={css.banners}>
            <Banners />
          </div>
          {isAnotherChain ? (
            // Another chain's silence would read as "nobody has access".
            <Page
              title="Nothing to show"
              sentence="This isn't the chain that the page was opened with, so nothing is read from it."
            />
          ) : (
            <Suspense fallback={<SkeletonRows label="the page" />}>{children}</Suspense>
          )}
        </main>
      </div>
    </>
  );
}
