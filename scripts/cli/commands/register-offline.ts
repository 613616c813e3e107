/** `salus register request|submit`: registering by files that go back and forth, where the registry has no service. */
import { Command } from "commander";

import { register, requestRegistration } from "../../../sdk/index.js";
import { readJson, writeJson } from "../files.js";
import type { Run } from "../main.js";
import { facts } from "../output.js";
import { ATTESTATION_SCHEMA, IDENTITY_SCHEMA, REQUEST_SCHEMA } from "../schemas.js";

export function requestCommand(run: Run): Command {
  return new Command("request")
    .argument("<identity>", "JSON file with nationalId, name and birthDate")
    .requiredOption("--out <file>", "where to put the request; send it to the registry and nowhere else")
    .description("Without a service: make the request that the civil registry attests. Nothing is sent.")
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
}

export function submitCommand(run: Run): Command {
  return new Command("submit")
    .argument("<request>", "the request file")
    .argument("<attestation>", "the file that the registry returned")
    .description("Without a service: register on the chain. The profile goes to IPFS, encrypted.")
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
}
