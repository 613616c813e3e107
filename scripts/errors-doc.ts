/**
 * Writes docs/errors.md from the SDK's messages and the contracts' declarations; with `--check` changes nothing and
 * fails if the committed page is another one, or if a custom error of a contract has no message.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { ERROR_MESSAGES, type ErrorCode } from "../sdk/index.js";
import { filesUnder } from "./lib/fresh.js";
import { ROOT } from "./lib/paths.js";

/** A custom error as a contract's interface declares it. */
interface Declaration {
  name: string;
  /** With its arguments: "NotController(PatientId patientId, address account)". */
  signature: string;
  /** Name of the contract, without the interface's "I". */
  contract: string;
}

/** A group of the page: the codes from its first one up to the next group's first. */
interface Group {
  title: string;
  first: ErrorCode;
  about: string;
}

const PAGE = join(ROOT, "docs", "errors.md");

/** The groups of sdk/errors.ts, in its order. Custom errors come last and are grouped by contract. */
const GROUPS: readonly Group[] = [
  {
    title: "Documents and keys",
    first: "CID_MISMATCH",
    about: "Something that was fetched isn't what it should be, or the key to it isn't at hand. No content is shown.",
  },
  { title: "Input", first: "INVALID_INPUT", about: "Refused on this device, before anything is stored or sent." },
  { title: "Storage", first: "IPFS_UNREACHABLE", about: "The IPFS node, whichever one it is." },
  {
    title: "Chain",
    first: "CHAIN_UNREACHABLE",
    about:
      "The node, the wallet, or what they say. `ANCHOR_MISMATCH` and `HEAD_MISMATCH` mean that answers contradict each other.",
  },
  {
    title: "Attestation services",
    first: "SERVICE_UNREACHABLE",
    about: "What a civil registry, an insurer or a health authority answers, and what was kept of a registration.",
  },
];

const INTRODUCTION = `<!-- Written by scripts/errors-doc.ts from sdk/errors.ts and contracts/. Don't edit it by hand. -->

# Errors

Every error that the SDK throws on purpose is a \`SalusError\` with a \`code\`, \`why\` (what happened), \`how\` (what to do next)
and \`details\`: ids, digests, sizes and names of fields, never a key, a passphrase, a person or a document. The command
line prints them, with \`--json\` as \`{"error": …}\`; its own errors and exit codes are in [cli.md](cli.md).
`;

/** The custom errors of all contracts, in the order of the files. */
function declaredErrors(): Declaration[] {
  const files = filesUnder("contracts").filter((path) => path.endsWith(".sol"));
  return files.flatMap((path) => {
    const contract = basename(path, ".sol").replace(/^I(?=[A-Z])/, "");
    const source = readFileSync(join(ROOT, path), "utf8");
    return [...source.matchAll(/^\s*error (\w+)\(([^)]*)\);/gm)].map(([, name = "", list = ""]) => {
      const args = list.replace(/\s+/g, " ").trim();
      return { name, signature: `${name}(${args})`, contract };
    });
  });
}

const isCode = (name: string): name is ErrorCode => name in ERROR_MESSAGES;

/** @param cell what stands in the first column, in code */
function row(code: ErrorCode, cell: string = code): string {
  const [why, how] = ERROR_MESSAGES[code];
  return `| \`${cell}\` | ${why} | ${how} |`;
}

function table(title: string, about: string, rows: readonly string[]): string {
  return [`## ${title}`, "", about, "", "| code | why | how |", "| --- | --- | --- |", ...rows, ""].join("\n");
}

/** The page. @throws RangeError if messages and declarations don't fit each other */
function page(): string {
  const declared = declaredErrors();
  const mute = declared.filter(({ name }) => !isCode(name)).map(({ name }) => name);
  if (mute.length > 0) throw new RangeError(`sdk/errors.ts has no message for ${mute.join(", ")}.`);

  const custom = new Set(declared.map(({ name }) => name));
  const codes = (Object.keys(ERROR_MESSAGES) as ErrorCode[]).filter((code) => !custom.has(code));
  const undeclared = codes.filter((code) => !/^[A-Z_]+$/.test(code));
  if (undeclared.length > 0) throw new RangeError(`No contract declares ${undeclared.join(", ")}.`);

  const starts = [...GROUPS.map(({ first }) => codes.indexOf(first)), codes.length];
  if (starts[0] !== 0 || starts.some((start, index) => index > 0 && start <= (starts[index - 1] ?? 0))) {
    throw new RangeError("The groups of scripts/errors-doc.ts aren't those of sdk/errors.ts.");
  }
  const groups = GROUPS.map(({ title, about }, index) =>
    table(
      title,
      about,
      codes.slice(starts[index], starts[index + 1]).map((code) => row(code)),
    ),
  );
  const contracts = [...new Set(declared.map(({ contract }) => contract))].map((contract) => {
    const rows = declared.flatMap(({ name, signature, contract: of }) =>
      of === contract && isCode(name) ? [row(name, signature)] : [],
    );
    const where = contract === "Signed" ? "`Signed`, which `Patients` and `Consents` build on" : `\`${contract}\``;
    return table(
      `Contract ${contract}`,
      `Custom errors of ${where}. The code is the name; \`details\` hold the arguments.`,
      rows,
    );
  });
  return `${[INTRODUCTION, ...groups, ...contracts].join("\n").trimEnd()}\n`;
}

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
try {
  const expected = page();
  if (!values.check) writeFileSync(PAGE, expected);
  else if (readFileSync(PAGE, "utf8") !== expected) {
    throw new RangeError(
      "docs/errors.md isn't what sdk/errors.ts says. Run node scripts/bootstrap.mjs scripts/errors-doc.ts.",
    );
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
