/** `salus scopes`: the drawers of a patient's record. */
import { Command } from "commander";

import {
  closeDrawers,
  drawerByLabel,
  drawersToClose,
  grantedDrawers,
  healDrawers,
  openDrawers,
  ownDrawers,
  patientOf,
  SCOPE_LABELS,
} from "../../../sdk/index.js";
import { checkLabels } from "../labels.js";
import type { Run } from "../main.js";
import { table } from "../output.js";

export function scopesCommand(run: Run): Command {
  const scopes = new Command("scopes").description("The drawers of a patient's record.");

  scopes
    .command("list", { isDefault: true })
    .option("--patient <patient>", "whose; your own by default")
    .description("List your drawers, or those that a patient has shared with you.")
    .action(({ patient }: { patient?: string }) =>
      run(async (context) => {
        const session = await context.unlocked();
        const patientId = await context.patient(patient, session);
        const isOwn = (await patientOf(session.chain, patientId))?.controller === session.account;
        const drawers = isOwn ? await ownDrawers(session, patientId) : await grantedDrawers(session, patientId);
        context.output.result(drawers, () =>
          table(
            ["DRAWER", "STATE", "EPOCH", "SCOPE"],
            drawers.map(({ label, state, epoch, scope }) => [label, state, String(epoch), scope]),
          ),
        );
      }),
    );

  scopes
    .command("open")
    .argument("<labels...>", SCOPE_LABELS.join(", "))
    .description("Open drawers of your own record. Those that are open stay as they are.")
    .action((labels: string[]) =>
      run(async (context) => {
        checkLabels(labels);
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const receipt = await openDrawers(session, patientId, labels);
        const value = { patientId, labels, transaction: receipt?.hash ?? null };
        context.output.result(value, () => (receipt ? `Open: ${labels.join(", ")}.` : "They were open already."));
      }),
    );

  scopes
    .command("close")
    .argument("[labels...]", "only these drawers; all that should be, without")
    .description(
      "Give drawers a new key whose present one somebody may have kept: after a grant, a visit or an unused permit.",
    )
    .action((labels: string[]) =>
      run(async (context) => {
        checkLabels(labels);
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const drawers =
          labels.length > 0
            ? await Promise.all(labels.map((label) => drawerByLabel(session, patientId, label)))
            : await drawersToClose(session, patientId, await context.permits());
        const receipt = drawers.length > 0 ? await closeDrawers(session, patientId, drawers) : null;
        const closed = drawers.map(({ label }) => label);
        const value = { patientId, closed, transaction: receipt?.hash ?? null };
        context.output.result(value, () => (receipt ? `Closed: ${closed.join(", ")}.` : "None of them needs it."));
      }),
    );

  scopes
    .command("heal")
    .argument("<labels...>", SCOPE_LABELS.join(", "))
    .description(
      "Give damaged drawers a key of your own again. Readers need a new grant, or the drawer's next closing.",
    )
    .action((labels: string[]) =>
      run(async (context) => {
        checkLabels(labels);
        const session = await context.unlocked();
        const patientId = await context.patient(undefined, session);
        const damaged = (await ownDrawers(session, patientId)).filter(({ state }) => state === "damaged");
        const drawers = damaged.filter(({ label }) => labels.includes(label));
        const receipt = drawers.length > 0 ? await healDrawers(session, patientId, drawers) : null;
        const healed = drawers.map(({ label }) => label);
        const value = { patientId, healed, transaction: receipt?.hash ?? null };
        context.output.result(value, () => (receipt ? `Healed: ${healed.join(", ")}.` : "None of them is damaged."));
      }),
    );
  return scopes;
}
