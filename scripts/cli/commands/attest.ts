/** `salus attest`: a civil registry signs that it has checked a patient's identity. */
import { Command } from "commander";

import { attest } from "../../../sdk/index.js";
import { readJson, writeJson } from "../files.js";
import type { Run } from "../main.js";
import { facts, isoTime } from "../output.js";
import { REQUEST_SCHEMA } from "../schemas.js";

export function attestCommand(run: Run): Command {
  return new Command("attest")
    .description("Sign a patient's request, as a civil registry that has checked the identity. Nothing is sent.")
    .argument("<request>", "the request file")
    .requiredOption("--out <file>", "where to put the attestation")
    .action((requestFile: string, { out }: { out: string }) =>
      run(async (context) => {
        const request = await readJson(requestFile, REQUEST_SCHEMA);
        const session = await context.unlocked();
        const attestation = await attest(session, session.signer, session.root, request);
        await writeJson(out, attestation, { isPrivate: true });
        const { controller } = request;
        const deadline = isoTime(attestation.deadline);
        context.output.result({ attestation: out, controller, deadline }, () =>
          facts([
            ["attestation", out],
            ["for", controller],
            ["use it before", deadline],
          ]),
        );
      }),
    );
}
