/** Accrediting by hand: which account, as what, under which name, until when, who will know; then sign. */
import { Button, NativeSelect, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { Navigate, useNavigate } from "react-router";

import type { Branch, Role } from "../../../sdk/index.js";
import { EndChoice } from "../../components/EndChoice.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { SkeletonRows } from "../../components/Rows.js";
import ui from "../../components/ui.module.css";
import { WhoWillKnow } from "../../components/WhoWillKnow.js";
import { useOpenSession } from "../../lib/session.js";
import { capital, plain, untilWords } from "../../lib/text.js";
import { accreditMember, discloseTerms, type Terms } from "./accreditMember.js";
import { isAccount, useCandidate, verdictOn } from "./candidates.js";
import css from "./organisations.module.css";
import { oneYear, spansFrom } from "./spans.js";
import { levelOf, parentNameOf, useBranch } from "./useBranch.js";

/** One page for every level of the tree. */
export default function AccreditPage() {
  const branch = useBranch();
  if (branch.error && !branch.data) return <ErrorNotice error={branch.error} retry={() => void branch.refetch()} />;
  if (!branch.data) return <SkeletonRows label="whom you may accredit" />;
  if (branch.data.mayAccredit.length === 0) return <Navigate to="/organisations" replace />;
  return <Form branch={branch.data} />;
}

function Form({ branch }: { branch: Branch }) {
  const session = useOpenSession();
  const navigate = useNavigate();
  const departments = useId();
  const [text, setText] = useState("");
  const [role, setRole] = useState<Role>(branch.mayAccredit[0] ?? "none");
  const [name, setName] = useState("");
  const [department, setDepartment] = useState("");
  const [until, setUntil] = useState(() => oneYear());
  const account = text.trim();
  const candidate = useCandidate(account);
  const found = candidate.data;
  const verdict = found && verdictOn(found);
  const isHospital = levelOf(branch) === "hospital";
  const known = [...new Set(branch.members.flatMap((member) => (member.department ? [member.department] : [])))];
  const terms: Terms | null =
    verdict?.isFine && found !== "mistyped" && found && name.trim() !== ""
      ? {
          account: found.account,
          role,
          until,
          name: name.trim(),
          ...(department.trim() !== "" && { department: department.trim() }),
        }
      : null;
  const parentName = parentNameOf(branch);
  const { data: disclosure } = useQuery({
    queryKey: ["disclosure", "accreditation", terms, parentName],
    enabled: terms !== null,
    queryFn: () => (terms ? discloseTerms(terms, { parentName }) : null),
  });
  const sign = () => {
    if (!terms) return;
    // The list shows how far it is.
    void accreditMember(session, terms);
    void navigate("/organisations");
  };
  return (
    <Page
      back={{ to: "/organisations", label: isHospital ? "Staff" : "Organisations" }}
      title={isHospital ? "Add a person" : "Accredit an organisation"}
      sentence={`You vouch for ${isHospital ? "them" : "it"} before everyone, until the day that you choose. You can revoke that at any time.`}
    >
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          sign();
        }}
      >
        <Section title="Which account">
          <TextInput
            label="Account"
            description="They find it under Account in Salus, and send it to you."
            placeholder="0x…"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={
              account !== "" && !isAccount(account) && "An account is 0x and 40 more characters, 0 to 9 and a to f."
            }
            autoComplete="off"
            spellCheck={false}
            required
          />
          {isAccount(account) && (
            <div role="status">
              {candidate.isPending && <SkeletonRows rows={1} label="what is known about this account" />}
              {verdict && (
                <Notice tone={verdict.tone} title={verdict.title}>
                  {verdict.text}
                </Notice>
              )}
            </div>
          )}
          {candidate.error && <ErrorNotice error={candidate.error} retry={() => void candidate.refetch()} />}
        </Section>
        <Section title="As what" hint="Everyone can read this, for good.">
          <div className={css.fields}>
            <TextInput
              label="Name"
              description={isHospital ? "As patients know them." : "As people know it."}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={120}
              autoComplete="off"
              required
            />
            <NativeSelect
              label="Role"
              description="Decides what it may do."
              value={role}
              onChange={(event) => setRole(event.currentTarget.value as Role)}
              data={branch.mayAccredit.map((each) => ({ value: each, label: capital(each) }))}
            />
            <TextInput
              className={css.suggested}
              label="Department"
              description="If it belongs to one."
              value={department}
              onChange={(event) => setDepartment(event.currentTarget.value)}
              maxLength={120}
              autoComplete="off"
              list={departments}
            />
            <datalist id={departments}>
              {known.map((each) => (
                <option key={each} value={plain(each)} />
              ))}
            </datalist>
          </div>
        </Section>
        <Section title="Until when">
          <EndChoice spans={spansFrom()} date={() => oneYear()} onChange={setUntil} />
        </Section>
        <Section title="Before you sign: who will know what">
          {terms && disclosure ? (
            <WhoWillKnow disclosure={disclosure} grantee={plain(terms.name)} organisation="You" />
          ) : (
            <p className={ui.sectionHint}>
              Name an account and what it is. Then you see here what each side learns by it.
            </p>
          )}
        </Section>
        <div className={ui.foot}>
          <p className={ui.footNote}>One signature. What was said of it can be ended, not taken back.</p>
          <div className={ui.actions}>
            <Button variant="default" onClick={() => void navigate("/organisations")}>
              Cancel
            </Button>
            <Button type="submit" disabled={!terms || !disclosure}>
              {terms ? `Accredit ${untilWords(until)}` : "Accredit"}
            </Button>
          </div>
        </div>
      </form>
    </Page>
  );
}
