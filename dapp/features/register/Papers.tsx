/** What a newcomer of the demo would hold in their hands. Only on a local chain, and only for personas. */
import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Address } from "../../../sdk/index.js";
import type { Papers as PapersOf } from "../../lib/config.js";
import { useConfig } from "../../lib/connection.js";
import { plain } from "../../lib/text.js";
import css from "./register.module.css";

/** The papers of this account's persona, with the persona's name; null for everybody else. */
export function usePapers(account: Address): (PapersOf & { name: string }) | null {
  const { papers, personas } = useConfig();
  const isTheirs = (each: { account: string }) => each.account.toLowerCase() === account.toLowerCase();
  const found = papers.find(isTheirs);
  const persona = personas.find(isTheirs);
  return found && persona ? { ...found, name: persona.name } : null;
}

/** A panel of papers: what they say, and what to do with them. */
export function Papers({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section className={css.papers} aria-label="Papers to try with">
      <h2>{plain(name.split(" ")[0] ?? name)}&apos;s papers (invented)</h2>
      {children}
    </section>
  );
}

/** One file among the papers: to use as it is, or to download and look at first. */
export function Paper({
  url,
  fileName,
  onUse,
  label,
}: {
  url: string;
  fileName: string;
  /** Takes the file as if it had been chosen. */
  onUse: (file: File) => void;
  label: string;
}) {
  const take = async () => {
    const blob = await (await fetch(url)).blob();
    onUse(new File([blob], fileName, { type: blob.type }));
  };
  return (
    <div className={css.actions}>
      <Button variant="default" onClick={() => void take()}>
        {label}
      </Button>
      <Button
        variant="subtle"
        component="a"
        href={url}
        download={fileName}
        leftSection={<IconDownload size={18} stroke={1.75} aria-hidden />}
      >
        Download {fileName}
      </Button>
    </div>
  );
}

/** The file's own name at the end of an address. */
export function fileNameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "file");
}
