/** An insurer's public record (002-47, 002-49): for everybody, without a wallet or an account. */
import {
  IconCircleX,
  IconFileAlert,
  IconFileCheck,
  IconFileDiff,
  IconFileText,
  IconHandStop,
  IconRosetteDiscountCheck,
  type Icon,
} from "@tabler/icons-react";
import { useParams } from "react-router";

import type { Address, InsurerRecord } from "../../../sdk/index.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Card, Facts, Mark, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { problemOf } from "../../lib/errors.js";
import { useParticipant } from "../../lib/queries.js";
import { count, plain, short } from "../../lib/text.js";
import { useInsurerRecord } from "./insurerRecord.js";
import css from "./insurance.module.css";
import { Mismatches } from "./Mismatches.js";

/** By its account. */
export default function InsurerPage() {
  const given = useParams().account ?? "";
  if (!/^0x[0-9a-fA-F]{40}$/.test(given)) {
    return <Page title="There is no such insurer" sentence="An account begins with 0x and has 40 more characters." />;
  }
  return <Record insurer={given.toLowerCase() as Address} />;
}

function Record({ insurer }: { insurer: Address }) {
  const record = useInsurerRecord(insurer);
  const participant = useParticipant(insurer);
  const name = plain(participant.data?.name ?? short(insurer));
  const isInsurer = participant.data?.valid === true && participant.data.role === "insurer";
  const { data } = record;
  return (
    <Page
      back={{ to: "/verify", label: "Verify" }}
      title={name}
      sentence={data && sentenceOf(data, name)}
      action={
        participant.data !== undefined && (
          <Mark icon={isInsurer ? IconRosetteDiscountCheck : IconCircleX} tone={isInsurer ? "brand" : "attention"}>
            {isInsurer ? "Accredited insurer" : "Not accredited as an insurer now"}
          </Mark>
        )
      }
    >
      {problemOf(record) !== null && <ErrorNotice error={record.error} retry={() => void record.refetch()} />}
      {record.isPending && <SkeletonRows label="the insurer's record" rows={5} />}
      {data && (
        <>
          <Section
            title="What it has done"
            hint="Counted on this device from the chain, which nobody can clean up afterwards."
          >
            <Rows label="What it has done">
              {linesOf(data).map(({ icon, what, detail, number, isBad }) => (
                <Row
                  key={what}
                  icon={<RowIcon icon={icon} {...(isBad ? { tone: "attention" as const } : {})} />}
                  what={what}
                  detail={detail}
                  side={<span className={css.number}>{number.toLocaleString()}</span>}
                />
              ))}
            </Rows>
          </Section>
          <Section
            title="Mismatches reported"
            hint="A patient says that the copy that they were given isn't the one that the insurer anchored. It is the patient's word: the digests tell that the copies differ, not who is right."
          >
            {data.mismatches.reports.length === 0 ? (
              <Notice title="No patient has reported one." />
            ) : (
              <Mismatches reports={data.mismatches.reports} pathOf={(id) => `/policies/${id}`} />
            )}
          </Section>
        </>
      )}
      <Card>
        <Facts
          facts={[
            ["Account", <code key="a">{data?.insurer ?? insurer}</code>],
            ...(participant.data
              ? [
                  ["Vouched for by", <code key="p">{participant.data.parent}</code>] as const,
                  ["Role", participant.data.role] as const,
                ]
              : []),
          ]}
        />
      </Card>
    </Page>
  );
}

function sentenceOf({ issued, accepted, mismatches }: InsurerRecord, name: string): string {
  if (issued === 0) return `${name} has issued no policy here.`;
  const policies = count(issued, "policy").replace("policys", "policies");
  const reported =
    mismatches.policies === 0
      ? "Patients have reported a mismatch in none"
      : `Patients have reported a mismatch in ${mismatches.policies}`;
  return `${name} has issued ${policies}, of which ${accepted === 0 ? "none was" : accepted === 1 ? "1 was" : `${accepted.toLocaleString()} were`} accepted. ${reported}.`;
}

interface Line {
  icon: Icon;
  what: string;
  detail: string;
  number: number;
  isBad?: boolean;
}

function linesOf({ issued, accepted, amended, cancelled, offers, mismatches }: InsurerRecord): Line[] {
  return [
    {
      icon: IconFileText,
      what: "Policies issued",
      detail: "First versions that were offered to a patient.",
      number: issued,
    },
    {
      icon: IconFileCheck,
      what: "Accepted",
      detail: "By the patient, to the bit. Nobody can alter them.",
      number: accepted,
    },
    {
      icon: IconFileDiff,
      what: "Changes and renewals proposed",
      detail: `${amended.accepted.toLocaleString()} of them accepted. The others changed nothing.`,
      number: amended.proposed,
    },
    {
      icon: IconHandStop,
      what: "Ended early by the insurer",
      detail: "With at least 30 days' notice, which the contract enforces.",
      number: cancelled.byInsurer,
    },
    {
      icon: IconHandStop,
      what: "Ended early by the patient",
      detail: `Beside them, ${count(offers.declined, "offer")} declined and ${offers.withdrawn.toLocaleString()} withdrawn.`,
      number: cancelled.byPatient,
    },
    {
      icon: IconFileAlert,
      what: "Policies with a mismatch reported",
      detail: `${count(mismatches.reports.length, "report")} in all; one patient can report more than once.`,
      number: mismatches.policies,
      isBad: mismatches.policies > 0,
    },
  ];
}
