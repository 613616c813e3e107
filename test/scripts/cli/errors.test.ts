import { readFile } from "node:fs/promises";

import { expect } from "chai";

import { CLI_ERROR_CODES, CliError, EXIT, reportOf } from "../../../scripts/cli/errors.js";
import { ERROR_MESSAGES, SalusError, type ErrorCode } from "../../../sdk/index.js";

describe("errors of the command line", () => {
  const sdkCodes = Object.keys(ERROR_MESSAGES) as ErrorCode[];

  it("says what happened and what to do, for every code", () => {
    for (const code of CLI_ERROR_CODES) {
      const { why, how, exitCode } = reportOf(new CliError(code));
      expect(why, code).to.match(/\w.*\.$/);
      expect(how, code).to.match(/\w.*\.$/);
      expect(Object.values(EXIT), code).to.include(exitCode);
    }
  });

  it("gives the SDK's errors an exit code by kind", () => {
    const exitOf = (code: ErrorCode): number => reportOf(new SalusError(code)).exitCode;
    expect(exitOf("CHAIN_UNREACHABLE")).to.equal(3);
    expect(exitOf("IPFS_UNREACHABLE")).to.equal(3);
    expect(exitOf("INVALID_INPUT")).to.equal(2);
    expect(exitOf("ACCESS_REVOKED")).to.equal(4);
    expect(exitOf("NotAuthor")).to.equal(4);
    expect(exitOf("CHAIN_RESTARTED")).to.equal(5);
    expect(exitOf("PAYLOAD_TAMPERED")).to.equal(1);
    for (const code of sdkCodes) expect([1, 2, 3, 4, 5], code).to.include(exitOf(code));
  });

  it("tells of an unexpected error no more than its first line", () => {
    const report = reportOf(new TypeError("x is undefined\n    at secret.ts"));
    expect(report).to.include({ code: "INTERNAL", exitCode: 70 });
    expect(report.details).to.deep.equal({ reason: "x is undefined" });
  });

  it("has every code and every exit code in docs/cli.md", async () => {
    const page = await readFile(new URL("../../../docs/cli.md", import.meta.url), "utf8");
    for (const code of CLI_ERROR_CODES) expect(page, code).to.include(`\`${code}\``);
    for (const exitCode of Object.values(EXIT)) expect(page).to.include(`| ${exitCode} |`);
  });
});
