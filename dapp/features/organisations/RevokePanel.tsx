/** Revoking: who falls with it, that there is no undo, who will know, sign. */
import { Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Member } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Pill, SkeletonRows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useReaderQuery } from "../../lib/queries.js";
import { plain } from "../../lib/text.js";
import { andBelow, nameOf } from "./members.js";
import css from "./organisations.module.css";
import { discloseRevocation } from "./revokeMember.js";

/** Names that are shown before somebody asks for all. */
const FEW = 12;

/** Below the row of whoever is to be revoked. With `isOwn` it is the reader who gives up. */
export function RevokePanel({
  member,
  parentName,
  isOwn = false,
  onClose,
  onSign,
}: {
  member: Member;
  parentName: string;
  isOwn?: boolean;
  onClose: () => void;
  onSign: () => void;
}) {
  const [isAll, setAll] = useState(false);
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") onClose();
  });
  // Asked anew when it opens: whoever was accredited a minute ago falls too.
  const effect = useReaderQuery(["chain", "revocation", member.account], ({ revocationEffect }, reader) =>
    revocationEffect(reader, member.account),
  );
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "revocation", effect.data, parentName],
    enabled: effect.data !== undefined,
    queryFn: () => (effect.data ? discloseRevocation(effect.data, parentName) : null),
  });
  if (effect.error) return <ErrorNotice error={effect.error} retry={() => void effect.refetch()} />;
  if (!effect.data || !disclosure) return <SkeletonRows rows={1} label="who falls with it" />;
  const { fallen } = effect.data;
  const name = plain(nameOf(member));
  const who = isOwn ? "You" : name;
  return (
    <div className={ui.panel}>
      <h3>
        {who}
        {andBelow(fallen.length).replace("below it", isOwn ? "below you" : "below it")}{" "}
        {fallen.length > 0 || isOwn ? "lose" : "loses"} every right in the same block
      </h3>
      {fallen.length > 0 && (
        <>
          <ul className={css.names} aria-label="Who falls with it">
            {fallen.slice(0, isAll ? undefined : FEW).map((each) => (
              <li key={each.account}>
                <Pill title={each.account}>{plain(nameOf(each), 60)}</Pill>
              </li>
            ))}
          </ul>
          {fallen.length > FEW && !isAll && (
            <div>
              <button type="button" className={ui.link} onClick={() => setAll(true)}>
                Show all {fallen.length.toLocaleString()}
              </button>
            </div>
          )}
        </>
      )}
      <p>
        <strong>There is no undo.</strong>{" "}
        {isOwn
          ? `Only ${plain(parentName)} can accredit you again`
          : fallen.length > 0
            ? `You can accredit ${name} again, but it begins with nobody below it: each of the others has to be accredited anew`
            : `You can accredit ${name} again`}
        . What it published and signed until now stays.
      </p>
      <h3>Before you sign: who will know what</h3>
      <WhoWillKnow
        disclosure={disclosure}
        grantee={isOwn ? "You" : name}
        organisation={isOwn ? plain(parentName) : "You"}
      />
      <div className={ui.foot}>
        <p className={ui.footNote}>One signature. The contracts refuse from that very block on.</p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="danger" onClick={onSign}>
            {isOwn ? "Give it up" : `Revoke ${name}`}
          </Button>
        </div>
      </div>
    </div>
  );
}
