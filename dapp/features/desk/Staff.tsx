/** Who acts in a visit: assigning people of the hospital's own branch, and taking it back (002-25). */
import { Button, VisuallyHidden } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";

import type { Member, Visit, VisitMember } from "../../../sdk/index.js";
import { ErrorNotice } from "../../components/Notice.js";
import { ExpanderButton, ExpanderPanel, useExpander } from "../../components/Expander.js";
import { Section } from "../../components/Page.js";
import { Avatar, PersonName } from "../../components/Person.js";
import { Card, Empty, Row, SkeletonRows } from "../../components/Rows.js";
import { matches, Search } from "../../components/Search.js";
import { VirtualRows } from "../../components/VirtualRows.js";
import { isIn, Members } from "../../components/visit/Members.js";
import ui from "../../components/ui.module.css";
import { useBranchOf } from "../../lib/branch.js";
import { problemOf } from "../../lib/errors.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, plain } from "../../lib/text.js";
import { ACTING, AssignPanel, type Candidate } from "./AssignPanel.js";
import { unassign } from "./openVisit.js";

const SEARCHABLE = 6;

/** The section. */
export function Staff({ visit, isBusy }: { visit: Visit; isBusy: boolean }) {
  const expander = useExpander();
  const isOpen = visit.status === "open";
  return (
    <Section
      title="Who takes part"
      action={
        isOpen && (
          <ExpanderButton expander={expander} variant={expander.isOpen ? "light" : "filled"} disabled={isBusy}>
            Assign somebody
          </ExpanderButton>
        )
      }
    >
      {expander.isOpen && (
        <Card tone="attention">
          <ExpanderPanel expander={expander} label="Assign somebody" className={ui.panel}>
            <Candidates visit={visit} onDone={expander.close} />
          </ExpanderPanel>
        </Card>
      )}
      <Members
        visit={visit}
        side={(member, name) =>
          isOpen && !member.removed && <Removal visit={visit} member={member} name={name} isBusy={isBusy} />
        }
      />
    </Section>
  );
}

/** One press more, for the doctor would stand before a closed visit. */
function Removal({
  visit,
  member,
  name,
  isBusy,
}: {
  visit: Visit;
  member: VisitMember;
  name: string;
  isBusy: boolean;
}) {
  const session = useOpenSession();
  const [isSure, setSure] = useState(false);
  if (!isSure) {
    return (
      <Button variant="subtle" color="danger" disabled={isBusy} onClick={() => setSure(true)}>
        Take out<VisuallyHidden> {plain(name)}</VisuallyHidden>
      </Button>
    );
  }
  return (
    <div className={ui.actions} role="group" aria-label={`Take ${plain(name)} out of the visit`}>
      <Button autoFocus variant="default" onClick={() => setSure(false)}>
        Keep
      </Button>
      <Button
        color="danger"
        onClick={({ detail }) => {
          // The second half of a double click: it was meant for the button that stood here before.
          if (detail > 1) return;
          setSure(false);
          void unassign(session, visit, member.account);
        }}
      >
        Take out now
      </Button>
    </div>
  );
}

/** The hospital's own people, whom it accredited itself and who aren't in the visit. */
function Candidates({ visit, onDone }: { visit: Visit; onDone: () => void }) {
  const { account } = useOpenSession();
  const branch = useBranchOf(account);
  const [query, setQuery] = useState("");
  const [chosen, setChosen] = useState<Candidate | null>(null);
  if (chosen) {
    return (
      <>
        <h3>Assign {plain(chosen.name ?? chosen.account)}</h3>
        <AssignPanel visit={visit} member={chosen} onClose={() => setChosen(null)} onDone={onDone} />
      </>
    );
  }
  const own = (branch.data?.members ?? [])
    .filter(isActing)
    .filter((member) => member.parent === account && member.standing.state === "valid" && !isIn(visit, member.account));
  const found = own.filter(({ name, role, department }) => matches(query, `${name ?? ""} ${role} ${department ?? ""}`));
  return (
    <>
      <h3>Your staff</h3>
      {problemOf(branch) !== null && <ErrorNotice error={branch.error} retry={() => void branch.refetch()} />}
      {branch.isPending && <SkeletonRows label="your staff" />}
      {own.length > SEARCHABLE && (
        <Search label="Search your staff by name or department" value={query} onChange={setQuery} />
      )}
      {branch.data && own.length === 0 && (
        <Empty
          action={
            <Button component={Link} variant="default" to="/organisations/accredit">
              Add a person
            </Button>
          }
        >
          Everybody whom you accredited takes part already, or you have accredited nobody yet. Only people of your own
          house can be assigned.
        </Empty>
      )}
      {own.length > 0 && found.length === 0 && <Empty>Nobody on your staff is called that. Try fewer letters.</Empty>}
      {found.length > 0 && (
        <VirtualRows
          label="Your staff"
          items={found}
          keyOf={(member) => member.account}
          estimate={() => 77}
          render={(member, placement) => (
            <Row
              key={member.account}
              {...placement}
              icon={<Avatar name={plain(member.name ?? member.account)} />}
              what={<PersonName name={member.name} id={member.account} source="accredited" />}
              detail={capital([member.role, member.department].filter(Boolean).join(", "))}
              side={
                <Button variant="default" onClick={() => setChosen(member)}>
                  Choose<VisuallyHidden> {plain(member.name ?? member.account)}</VisuallyHidden>
                </Button>
              }
            />
          )}
        />
      )}
    </>
  );
}

function isActing(member: Member): member is Candidate {
  return ACTING.some((role) => role === member.role);
}
