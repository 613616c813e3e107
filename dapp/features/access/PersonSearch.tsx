/** With whom: search among everybody accredited, or paste an account. */
import { Button } from "@mantine/core";
import { IconUserQuestion } from "@tabler/icons-react";
import { useState } from "react";

import type { Address, Participant } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Empty, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { VirtualRows } from "../../components/VirtualRows.js";
import { problemOf } from "../../lib/errors.js";
import { nameOf } from "../../lib/access.js";
import { useParticipants } from "../../lib/queries.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, day, plain, short } from "../../lib/text.js";
import css from "./access.module.css";

/** Roles that have a reason to open a record. Registries and authorities only accredit. */
const CARING = ["hospital", "laboratory", "pharmacy", "doctor", "insurer"];

/** Finds an account. */
export function PersonSearch({ onChoose }: { onChoose: (account: Address, participant: Participant | null) => void }) {
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
      CARING.includes(role) &&
      account !== own &&
      (query === "" ||
        account.toLowerCase() === pasted?.toLowerCase() ||
        matches(query, `${name ?? ""} ${role} ${department ?? ""}`)),
  );
  return (
    <div className={css.form} style={{ gap: 12 }}>
      <Search label="Search by name, role or department, or paste an account" value={query} onChange={setQuery} />
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
      {participants.data && found.length === 0 && pasted && (
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
      {participants.data && found.length === 0 && !pasted && (
        <Empty>Nobody accredited is called that. Try fewer letters, or paste the account they gave you.</Empty>
      )}
    </div>
  );
}
