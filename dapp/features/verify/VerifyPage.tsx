/** Verify, for everybody: drop a file, and see what the chain knows about it. No wallet, no account. */
import { IconFileCheck, IconFileX } from "@tabler/icons-react";

import type { FileReport } from "../../../sdk/index.js";
import { FoundPolicies } from "../../components/FoundPolicies.js";
import { RecordChecks } from "../../components/Checks.js";
import { LookupField, useLookup, type Found } from "../../components/Lookup.js";
import { ErrorNotice, Notice } from "../../components/Notice.js";
import { Page, Section } from "../../components/Page.js";
import { Card, Facts, Row, RowIcon, Rows, SkeletonRows } from "../../components/Rows.js";
import { bytes, exactTime, plain, short } from "../../lib/text.js";

const PARTS: Record<FileReport["records"][number]["part"], string> = {
  payload: "A sealed document",
  header: "A key header",
  "header and payload": "A sealed document with its key header",
};

/** What the chain knows about a file, a policy or a transaction. */
export default function VerifyPage() {
  const looking = useLookup();
  return (
    <Page
      title="Verify a file or a policy"
      sentence="Drop a policy wording or a sealed document, or give the id of a policy or a transaction, and see what the chain knows about it. The file stays on this device."
    >
      <LookupField
        lookup={looking}
        label="Drop a file to check"
        hint="No account is needed. A fingerprint of the file is computed here and looked up."
      />
      {looking.isPending && <SkeletonRows rows={1} label="what the chain knows" />}
      {looking.error && <ErrorNotice error={looking.error} />}
      {looking.data?.kind === "file" && <FileResult found={looking.data} />}
      {looking.data?.kind === "id" && (
        <Section
          title={looking.data.by === "policy" ? "The policy" : "What the transaction was about"}
          hint="What the chain says about it now."
        >
          <FoundPolicies label="Found policy" policies={looking.data.policies} />
        </Section>
      )}
      {!looking.data && !looking.isPending && (
        <Section title="What can be verified">
          <Rows label="What can be verified">
            <Row
              icon={<RowIcon icon={IconFileCheck} tone="brand" />}
              what="A policy's wording"
              detail="Whether it's the insurer's, to the bit, since when, and whether the policy is in force."
            />
            <Row
              icon={<RowIcon icon={IconFileCheck} tone="brand" />}
              what="A sealed document"
              detail="Whose pseudonym it belongs to, who added it and when, and that nothing in that record is missing or altered."
            />
            <Row
              icon={<RowIcon icon={IconFileX} />}
              what="Not a document in the clear"
              detail="The chain knows sealed documents only, so nobody can find out by guessing what is in a record."
            />
          </Rows>
        </Section>
      )}
    </Page>
  );
}

function FileResult({ found: { name, size, report } }: { found: Extract<Found, { kind: "file" }> }) {
  const { policies, records } = report;
  const isKnown = policies.length + records.length > 0;
  return (
    <>
      {isKnown ? (
        <Notice tone="brand" title={`The chain knows ${plain(name)}.`} live="status">
          It is, to the bit, what was anchored below.
        </Notice>
      ) : (
        <Notice tone="attention" title={`The chain doesn't know ${plain(name)}.`} live="status">
          It may have been altered, if only by one bit, or it was never anchored here. Ask whoever gave it to you for
          the original.
        </Notice>
      )}
      {policies.length > 0 && (
        <Section title="As a policy's wording">
          <FoundPolicies label="Policies with this wording" policies={policies} />
        </Section>
      )}
      {records.length > 0 && (
        <Section title="As part of a record">
          <Rows label="Records with this file">
            {records.map(({ record, part }) => (
              <Row
                key={record.recordId}
                icon={<RowIcon icon={IconFileCheck} tone="brand" />}
                what={`${PARTS[part]} of ${short(record.patientId)}`}
                detail={`Added by ${short(record.author)}, ${exactTime(record.time)}, block ${record.blockNumber}`}
                under={<RecordChecks recordId={record.recordId} />}
              />
            ))}
          </Rows>
        </Section>
      )}
      <Card>
        <Facts
          facts={[
            ["File", `${plain(name)}, ${bytes(size)}`],
            ["sha2-256", <code key="s">{report.sha256}</code>],
            ["CID", <code key="c">{report.cid}</code>],
          ]}
        />
      </Card>
    </>
  );
}
