/** "Who will know what", on a terminal, before something is signed. */
import type { Disclosure } from "../../sdk/index.js";
import { printable } from "./output.js";

/** The three columns, one below the other. @param titles of the first two */
export function wordsOf(
  { grantee, organisation, everyone }: Disclosure,
  titles: { grantee: string; organisation: string } = { grantee: "The grantee", organisation: "Its organisation" },
): string {
  const part = (title: string, sentences: readonly string[]) => [
    `${printable(title)}:`,
    ...sentences.map((each) => `  ${printable(each)}`),
  ];
  return [
    "Who will know what",
    ...part(titles.grantee, grantee),
    ...part(titles.organisation, organisation),
    ...part("Everyone", everyone),
  ].join("\n");
}
