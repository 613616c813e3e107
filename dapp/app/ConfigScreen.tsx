/** What is shown when `salus.json` is missing or malformed: for the person who set the page up. */
import { Button } from "@mantine/core";

import { Page } from "../components/Page.js";
import { Card, Facts } from "../components/Rows.js";
import { StillStarting } from "../lib/config.js";
import css from "./ConfigScreen.module.css";

/** Says what is wrong with the configuration and what to do. */
export function ConfigScreen({ error, retry }: { error: Error; retry: () => void }) {
  if (error instanceof StillStarting) {
    return (
      <main className={css.center}>
        <Page title="Salus is starting" sentence={error.message} />
      </main>
    );
  }
  return (
    <main className={css.center}>
      <Page
        title="Salus isn't set up here yet"
        sentence="This page doesn't know where its chain and its storage are. Nothing is lost."
      >
        <Card>
          <Facts
            facts={[
              ["What happened", error.message],
              [
                "On your machine",
                <>
                  Run <code>npm start</code>, which writes the file and serves this page.
                </>,
              ],
              [
                "On a web server",
                <>
                  Put <code>salus.json</code> beside index.html, with <code>rpcUrl</code>, <code>ipfsUrl</code> and the{" "}
                  <code>deployment</code> that <code>salus deploy</code> wrote.
                </>,
              ],
            ]}
          />
        </Card>
        <div>
          <Button onClick={retry}>Look again</Button>
        </div>
      </Page>
    </main>
  );
}
