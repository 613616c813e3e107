/** `salus revoke`: stops an account's access. */
import { Command } from "commander";

import { accessOf, stopAccess, SalusError } from "../../../sdk/index.js";
import { hex32 } from "../context.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";

interface Options {
  scope?: string[];
  record?: string[];
}

export function revokeCommand(run: Run): Command {
  return new Command("revoke")
    .description(
      "Stop an account's access: all of it, or to some drawers or records. Drawers that it could read get a new key.",
    )
    .argument("<grantee>", "address, or persona on the local chain")
    .option("--scope <drawer...>", "only these drawers")
    .option("--record <id...>", "only these single records")
    .action((name: string, options: Options) =>
      run(async (context) => {
        checkLabels(options.scope ?? []);
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const grantee = await context.account(name);
        const records = options.record?.map((id) => hex32("record", id)) ?? [];
        const isAll = !options.scope && !options.record;
        const access = (await accessOf(session, patientId)).filter(
          ({ grant, label }) =>
            grant.grantee === grantee &&
            grant.state !== "revoked" &&
            (isAll || records.includes(grant.subject) || (label !== null && options.scope?.includes(label))),
        );
        if (access.length === 0) throw new SalusError("NoGrant", { grantee });
        const grants = access.map(({ grant }) => grant);
        const { hash } = await stopAccess(session, patientId, grants);
        context.output.note("New documents are closed to it. What was opened before may have been kept.");
        const revoked = access.map(({ kind, label, grant }) => ({ kind, label, subject: grant.subject }));
        context.output.result(
          { patientId, grantee, revoked, transaction: hash },
          () => `Stopped: ${revoked.map(({ label, subject }) => label ?? subject).join(", ")}.`,
        );
      }),
    );
}
