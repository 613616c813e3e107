/** Renewing, or accrediting again: until when, what becomes of the branch, who will know, sign. */
import { Button } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Member } from "../../../sdk/index.js";
import { EndChoice } from "../../components/EndChoice.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { plain, untilWords } from "../../lib/text.js";
import { discloseTerms } from "./accreditMember.js";
import { nameOf } from "./members.js";
import { oneYear, spansFrom } from "./spans.js";

/** Below the row of whoever is to be renewed. */
export function RenewPanel({
  member,
  parentName,
  onClose,
  onSign,
}: {
  member: Member;
  parentName: string;
  onClose: () => void;
  onSign: (until: number) => void;
}) {
  // Time that is left isn't lost: what is chosen comes on top of it.
  const [from] = useState(() => (member.standing.state === "valid" ? member.until : 0));
  const [until, setUntil] = useState(() => oneYear(from));
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") onClose();
  });
  const { account, role, department, standing } = member;
  const name = plain(nameOf(member));
  const isAgain = standing.state === "revoked" || standing.state === "fallen";
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "renewal", account, role, name, department, until, parentName, isAgain],
    queryFn: () => discloseTerms({ account, role, until, name, department }, { parentName, isRenewal: !isAgain }),
  });
  return (
    <div className={ui.panel}>
      <h3>{isAgain ? `Accredit ${name} again` : `Renew ${name}`}</h3>
      <EndChoice spans={spansFrom(from)} date={() => oneYear(from)} onChange={setUntil} />
      {until < from && <p className={ui.sectionHint}>That is earlier than now: {untilWords(from)}.</p>}
      <h3>Before you sign: who will know what</h3>
      {disclosure && <WhoWillKnow disclosure={disclosure} grantee={name} organisation="You" />}
      <div className={ui.foot}>
        <p className={ui.footNote}>{branchWords(member)}</p>
        <div className={ui.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!disclosure} onClick={() => onSign(until)}>
            {isAgain ? "Accredit" : "Renew"} {untilWords(until)}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** What becomes of those below, where there can be any. */
function branchWords({ role, standing, below }: Member): string {
  if (role !== "hospital" && role !== "health authority") return "You can revoke it at any time.";
  if (standing.state === "valid") {
    return below === 0
      ? "Nobody is below it now."
      : `The ${below.toLocaleString()} below it ${below === 1 ? "goes" : "go"} on counting.`;
  }
  return standing.state === "expired"
    ? "Whoever it had accredited counts again with it."
    : "It begins with nobody below it: it has to accredit each of them anew.";
}
