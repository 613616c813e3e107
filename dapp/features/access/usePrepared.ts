/** A grant, prepared for signing, with what it tells whom. */
import { useQuery } from "@tanstack/react-query";

import type { Address, GrantContext, Hex, Participant, PatientId } from "../../../sdk/index.js";
import { nameOf } from "../../lib/access.js";
import { useDrawers, useManifests, useRecords, useSessionQuery, useVoucherName } from "../../lib/queries.js";
import { recordTitle } from "../../components/record/Timeline.js";
import { capital, untilWords } from "../../lib/text.js";
import { discloseShare } from "./share.js";
import type { What } from "./WhatChoice.js";

type Subject = GrantContext["subjects"] extends ReadonlyMap<Hex, infer S> ? S : never;

/** Prepares the grant anew whenever a choice changes. Nothing is stored or sent by it. */
export function usePrepared(
  patientId: PatientId | null,
  { account, participant }: { account: Address; participant: Participant | null },
  what: What,
  until: number,
) {
  const { data: drawers = [] } = useDrawers(patientId);
  const { data: records = [] } = useRecords(patientId);
  const organisation = useVoucherName(participant);
  const chosen = records.filter(({ recordId }) => what.records.includes(recordId));
  const manifests = useManifests(chosen);

  const prepared = useSessionQuery(
    // Epochs too: a drawer that changed its lock meanwhile is prepared anew.
    ["opened", "prepared", patientId, account, what, until, drawers.map(({ epoch }) => epoch)],
    ({ prepareGrant }, session) =>
      prepareGrant(session, {
        patientId: patientId ?? "0x",
        grantee: account,
        drawers: drawers.filter(({ scope }) => what.scopes.includes(scope)),
        records: what.records,
        rights: what.rights,
        until,
      }),
    patientId !== null && what.scopes.length + what.records.length > 0 && drawers.length > 0,
  );

  const context: GrantContext = {
    granteeName: nameOf(participant, account),
    ...(organisation === undefined ? {} : { organisationName: organisation }),
    subjects: new Map<Hex, Subject>([
      ...drawers.map(
        ({ scope, label }) =>
          [
            scope,
            {
              kind: "drawer" as const,
              name: capital(label),
              documents: records.filter((r) => r.scope === scope).length,
            },
          ] as const,
      ),
      ...chosen.map(({ recordId }) => {
        const manifest = manifests.get(recordId)?.data;
        return [
          recordId,
          { kind: "document" as const, name: manifest ? recordTitle(manifest) : "one document", documents: 1 },
        ] as const;
      }),
    ]),
    formatUntil: untilWords,
  };
  const { data: disclosure } = useQuery({
    queryKey: [
      "opened",
      "share disclosure",
      prepared.data?.terms,
      [...context.subjects.values()],
      context.granteeName,
      organisation,
    ],
    enabled: prepared.data !== undefined,
    queryFn: () => (prepared.data ? discloseShare(prepared.data, context) : null),
  });
  return { prepared, disclosure, organisation };
}
