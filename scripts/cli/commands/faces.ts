/** `salus faces`: how well the photo match tells people apart, measured. */
import { Command } from "commander";

import type { FaceRates } from "../../lib/face-rates.js";
import type { Run } from "../main.js";
import { facts, table } from "../output.js";

export function facesCommand(run: Run): Command {
  return new Command("faces")
    .description(
      "Measure how well the photo match tells faces apart: distances, threshold, wrong answers. Takes minutes.",
    )
    .action(() =>
      run(async ({ output }) => {
        const { measureFaces } = await import("../../lib/face-rates.js");
        const { onProgress, stop } = output.progress("Describing faces", "photos");
        const rates = await measureFaces(onProgress).finally(stop);
        output.result({ ...rates, limits: LIMITS }, () => describe(rates));
      }),
    );
}

/** What the figures don't say. */
const LIMITS = [
  "Every altered photo was made from the photo on file: no other day, camera, age, beard or glasses. Real false rejects are more.",
  "A few faces say little about rare events: no false accept among them doesn't mean that there are none among thousands.",
  "Whether somebody is on two group photos isn't recorded. Pairs out of one photo are different people for certain.",
  "How rates differ by sex, age or skin can't be told from so few; for models of this kind they do.",
  "There is no liveness check: a printed photo, or one on a screen, passes as the person.",
] as const;

function describe(rates: FaceRates): string {
  const { unaltered } = rates;
  const overview = facts([
    ["faces", `${rates.faces} of ${rates.groupPhotos} group photos, ${rates.unusable} of them unusable`],
    ["altered photos", rates.alteredPhotos],
    ["pairs of different faces", rates.otherPairs],
    [
      "distance of different faces",
      `${decimal(unaltered.smallest)} to ${decimal(unaltered.largest)}, median ${decimal(unaltered.median)} (unaltered)`,
    ],
    ["threshold in force", decimal(rates.threshold)],
  ]);
  const byAlteration = table(
    ["ALTERATION", "PHOTOS", "REFUSED", "MISSED", "MEAN", "WORST", "CLOSEST OTHER"],
    rates.alterations.map((each) => [
      each.name,
      String(each.photos),
      String(each.refused),
      String(each.missed),
      decimal(each.mean),
      decimal(each.worst),
      decimal(each.closestOther),
    ]),
  );
  const byThreshold = table(
    ["THRESHOLD", "FALSE REJECTS", "FALSE ACCEPTS", "ON ONE PHOTO"],
    rates.thresholds.map((each) => [
      decimal(each.threshold),
      percent(each.falseReject),
      percent(each.falseAccept),
      percent(each.falseAcceptOnePhoto),
    ]),
  );
  const legend = "MEAN and WORST: distance to the same face on file. MISSED: farther than the threshold in force.";
  return [overview, byAlteration, legend, byThreshold, LIMITS.map((limit) => `- ${limit}`).join("\n")].join("\n\n");
}

/** A dash where every photo was refused. */
const decimal = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : "-");
const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
