/** Somebody to choose: search among everybody accredited, or paste an account. */
import { Button } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useState } from "react";

import type { Address, Participant, Role } from "../../sdk/index.js";
import { ErrorNotice } from "./Notice.js";
import { Avatar, PersonName } from "./Person.js";
import { Empty, Row, RowIcon, Rows, SkeletonRows } from "./Rows.js";
import { matches, Search } from "./Search.js";
import { VirtualRows } from "./VirtualRows.js";
import { problemOf } from "../lib/errors.js";
import { nameOf } from "../lib/access.js";
import { useParticipants } from "../lib/queries.js";
import { useOpenSession } from "../lib/session.js";
import { capital, day, plain, short } from "../lib/text.js";
import css from "./ui.module.css";

/** Roles that have a reason to open a record. Registries and authorities only accredit. */
const CARING: readonly Role[] = ["hospital", "laboratory", "pharmacy", "doctor", "insurer"];

/** Finds an account of one of these roles. Only who may be nobody's, as `canPaste` says, can be pasted without a role. */
export function PersonSearch({
  roles = CARING,
  canPaste = true,
  onChoose,
}: {
  roles?: readonly Role[];
  canPaste?: boolean;
  onChoose: (account: Address, participant: Participant | null) => void;
}) {
  const [query, setQuery] = useState("");
  const { account: own } = useOpenSession();
  const participants = useParticipants();
  const pasted = /^0x[0-9a-fA-F]{40}$/.test(query.trim()) ? query.trim() : null;
  const choose = async (account: string, participant: Participant | null) => {
    const { getAddress } = await import("ethers");
    onChoose(getAddress(account.toLowerCase()) as Address, participant);
  };
  const found = (participants.data ?? []).filter(
    ({ account, name, role, department }) =>
      roles.includes(role) &&
      account !== own &&
      (query === "" ||
        account.toLowerCase() === pasted?.toLowerCase() ||
        matches(query, `${name ?? ""} ${role} ${department ?? ""}`)),
  );
  return (
    <div className={css.section}>
      <Search
        label={`Search by ${roles.length > 1 ? "name, role or department" : "name"}, or paste an account`}
        value={query}
        onChange={setQuery}
      />
      {problemOf(participants) !== null && (
        <ErrorNotice error={participants.error} retry={() => void participants.refetch()} />
      )}
      {participants.isPending && <SkeletonRows label="accredited people" />}
      {participants.data && found.length > 0 && (
        <VirtualRows
          label="Accredited people and organisations"
          items={found}
          keyOf={({ account }) => account}
          estimate={() => 77}
          render={(participant, placement) => (
            <Row
              key={participant.account}
              {...placement}
              icon={<Avatar name={nameOf(participant, participant.account)} />}
              what={<PersonName name={participant.name} id={participant.account} source="accredited" />}
              detail={`${capital(
                [participant.role, participant.department]
                  .filter(Boolean)
                  .map((text) => plain(String(text)))
                  .join(", "),
              )}. Accredited until ${day(participant.until)}.`}
              side={
                <Button
                  variant="default"
                  aria-label={`Choose ${nameOf(participant, participant.account)}`}
                  onClick={() => void choose(participant.account, participant)}
                >
                  Choose
                </Button>
              }
            />
          )}
        />
      )}
      {participants.data && found.length === 0 && pasted && canPaste && (
        <Rows label="Pasted account">
          <Row
            icon={<RowIcon icon={IconUserQuestion} tone="attention" />}
            what={<span className="digest">{short(pasted)}</span>}
            detail="Nobody vouches for this account. Share only if you know for certain whose it is."
            side={
              <Button variant="default" onClick={() => void choose(pasted, null)}>
                Choose
              </Button>
            }
          />
        </Rows>
      )}
      {participants.data && found.length === 0 && !(pasted && canPaste) && (
        <Empty>
          {query === ""
            ? `Nobody is accredited as ${roles.join(" or ")} now.`
            : "Nobody accredited is called that. Try fewer letters, or paste the account they gave you."}
        </Empty>
      )}
    </div>
  );
}
