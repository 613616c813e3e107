/** `salus register`: a patient's request to a civil registry, and the registration with what the registry signed. */
import { Command } from "commander";

import { register, requestRegistration } from "../../../sdk/index.js";
import { readJson, writeJson } from "../files.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";
import { ATTESTATION_SCHEMA, IDENTITY_SCHEMA, REQUEST_SCHEMA } from "../schemas.js";

export function registerCommand(run: Run): Command {
  const group = new Command("register").description("Register as a patient, with a civil registry's attestation.");

  group
    .command("request")
    .argument("<identity>", "JSON file with nationalId, name, birthDate and, if you have one, insuranceCard")
    .requiredOption("--out <file>", "where to put the request; send it to the registry and nowhere else")
    .description("Make the request that the civil registry attests. Nothing is sent.")
    .action((identityFile: string, { out }: { out: string }) =>
      run(async (context) => {
        const { address } = await context.identity();
        const request = requestRegistration({ account: address }, await readJson(identityFile, IDENTITY_SCHEMA));
        await writeJson(out, request, { isPrivate: true });
        context.output.result({ request: out, controller: address }, () =>
          facts([
            ["request", out],
            ["account", address],
          ]),
        );
      }),
    );

  group
    .command("submit")
    .argument("<request>", "the request file")
    .argument("<attestation>", "the file that the registry returned")
    .description("Register on the chain. The profile goes to IPFS, encrypted.")
    .action((requestFile: string, attestationFile: string) =>
      run(async (context) => {
        const request = await readJson(requestFile, REQUEST_SCHEMA);
        const attestation = await readJson(attestationFile, ATTESTATION_SCHEMA);
        const session = await context.unlocked();
        const { patientId, patientHash, hash: transaction } = await register(session, request, attestation);
        context.output.result({ patientId, patientHash, transaction }, () =>
          facts([
            ["patient", patientId],
            ["H", patientHash],
            ["transaction", transaction],
          ]),
        );
      }),
    );
  return group;
}
