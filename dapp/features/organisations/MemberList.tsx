/** Everybody below an account: what needs somebody first, then who counts now by group, then who has ended. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";

import type { Branch, Member } from "../../../sdk/index.js";
import { Section } from "../../components/Page.js";
import { Empty, RowsHeading } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { VirtualRows } from "../../components/VirtualRows.js";
import { groupOf, nameOf, roleWords, sorted, type Level } from "./members.js";
import { MemberRow } from "./MemberRow.js";

const SEARCHABLE = 6;

type Item = { heading: string; size: number } | { member: Member };

/** The words that differ from level to level; the form doesn't. */
const WORDS: Record<Level, { search: string; empty: string; add: string }> = {
  operator: {
    search: "Search registries, authorities and insurers",
    empty:
      "Civil registries, health authorities and insurers will be listed here once you accredit them. Until then nobody can register.",
    add: "Accredit an organisation",
  },
  authority: {
    search: "Search organisations",
    empty:
      "Hospitals, laboratories, pharmacies and doctors will be listed here: those that you accredit, and those that register with their licence.",
    add: "Accredit an organisation",
  },
  hospital: {
    search: "Search by name or department",
    empty: "Your doctors and departments will be listed here once you accredit them.",
    add: "Add a person",
  },
  other: { search: "Search", empty: "This account accredits nobody.", add: "Accredit somebody" },
};

/** The button that leads to accrediting somebody. */
export function AddButton({ level }: { level: Level }) {
  return (
    <Button component={Link} to="/organisations/accredit">
      {WORDS[level].add}
    </Button>
  );
}

/** The list, with search. */
export function MemberList({ branch, level }: { branch: Branch; level: Level }) {
  const [query, setQuery] = useState("");
  const { members, mayAccredit } = branch;
  const words = WORDS[level];
  if (members.length === 0) {
    return (
      <Section title="Below you">
        <Empty action={mayAccredit.length > 0 && <AddButton level={level} />}>{words.empty}</Empty>
      </Section>
    );
  }
  // Two digits are in many accounts by chance, so those are searched only by what begins as one.
  const isAccount = /^0x/i.test(query.trim());
  const found = members.filter((member) =>
    matches(query, isAccount ? member.account : `${nameOf(member)} ${roleWords(member)}`),
  );
  const { needing, present, ended } = sorted(found, level);
  return (
    <>
      {members.length > SEARCHABLE && <Search label={words.search} value={query} onChange={setQuery} />}
      {found.length === 0 && <Empty>Nobody below you is called that. Try fewer letters, or paste the account.</Empty>}
      <List title="Needs you" members={needing} branch={branch} level={level} isFlat />
      <List title="Vouched for now" members={present} branch={branch} level={level} />
      <List title="Has ended" members={ended} branch={branch} level={level} isFlat />
    </>
  );
}

function List({
  title,
  members,
  branch,
  level,
  isFlat = false,
}: {
  title: string;
  members: readonly Member[];
  branch: Branch;
  level: Level;
  /** Without groups. */
  isFlat?: boolean;
}) {
  if (members.length === 0) return null;
  const items: Item[] = isFlat ? members.map((member) => ({ member })) : grouped(members, level);
  return (
    <Section title={title}>
      <VirtualRows
        label={title}
        items={items}
        keyOf={(item) => ("member" in item ? item.member.account : `group ${item.heading}`)}
        estimate={(item) => ("member" in item ? 77 : 43)}
        render={(item, placement) =>
          "member" in item ? (
            <MemberRow key={item.member.account} member={item.member} branch={branch} placement={placement} />
          ) : (
            <RowsHeading key={`group ${item.heading}`} {...placement}>
              {item.heading}, {item.size.toLocaleString()}
            </RowsHeading>
          )
        }
      />
    </Section>
  );
}

/** A heading before each group, unless there is but one. Members come in the order of their groups. */
function grouped(members: readonly Member[], level: Level): Item[] {
  const sizes = new Map<string, number>();
  for (const member of members) {
    const heading = groupOf(member, level);
    sizes.set(heading, (sizes.get(heading) ?? 0) + 1);
  }
  if (sizes.size === 1) return members.map((member) => ({ member }));
  return [...sizes].flatMap(([heading, size]): Item[] => [
    { heading, size },
    ...members.filter((member) => groupOf(member, level) === heading).map((member) => ({ member })),
  ]);
}
