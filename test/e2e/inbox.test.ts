import { expect } from "chai";
import type { Page } from "playwright-core";

import { knownPersona } from "../../scripts/seed/personas.js";
import {
  assignMember,
  closeVisit,
  givePermit,
  openVisit,
  patientIdOf,
  preparePermit,
  readPermit,
  type PatientId,
  type VisitId,
} from "../../sdk/index.js";
import { inOrder } from "../inOrder.js";
import { button, continueAs, enterAs, gone, list, row, seen, title } from "./acts.js";
import { sessionAs, type Site, type Visit } from "./harness.js";
import { judge } from "./judge.js";
import { site, visitors } from "./site.js";

const HOUR_S = 3_600;
const OPENED = "City Hospital opened your visit";

describe("In a browser: the inbox", function () {
  this.timeout(150_000);
  inOrder(this);

  const open = visitors();
  let place: Site;
  let patientId: PatientId;
  let amina: Visit;
  let lee: Visit;
  let visitId: VisitId;

  const session = (persona: string) => sessionAs(place.world, persona);
  /** The bell; how many are new stands behind its name. */
  const bell = (page: Page) =>
    page.getByRole("navigation", { name: "Places" }).getByRole("link", { name: /^Inbox(, \d+ new)?$/ });
  const unread = async (page: Page): Promise<number> => {
    await seen(bell(page));
    return Number(/\d+/.exec((await bell(page).getAttribute("aria-label")) ?? "")?.[0] ?? 0);
  };
  const bellSays = (page: Page, count: number) =>
    seen(
      page
        .getByRole("navigation", { name: "Places" })
        .getByRole("link", { name: count === 0 ? "Inbox" : `Inbox, ${count} new`, exact: true }),
    );
  const notices = (page: Page) => list(page, "Notices");
  /** Without the page of either: as if they did it elsewhere. */
  const openOne = async (): Promise<VisitId> => {
    const [patient, hospital] = await Promise.all([session("amina"), session("hospital")]);
    const terms = { patientId, hospital: hospital.account, drawers: [], validFor: HOUR_S, lasts: HOUR_S };
    const { code } = await givePermit(patient, await preparePermit(patient, terms));
    return (await openVisit(hospital, await readPermit(hospital, code))).visitId;
  };

  before(async () => {
    place = await site();
    const { chain } = place.world.reader;
    patientId = await patientIdOf({ chain, account: knownPersona("amina").address });
    [amina, lee] = await Promise.all([open(), open()]);
    await enterAs(amina.page, place.url, "amina");
    await enterAs(lee.page, place.url, "lee");
    await seen(title(amina.page, "Your record"));
    for (const { page } of [amina, lee]) {
      // Until it was read, the bell says nothing.
      await bell(page).click();
      await seen(notices(page));
      await page.goBack();
    }
  });

  it("rings while a page is open, as soon as somebody else has acted", async () => {
    const { page } = amina;
    const before = await unread(page);
    visitId = await openOne();
    await bellSays(page, before + 1);
    await seen(page.getByRole("status").filter({ hasText: "Your inbox has" }));

    const ofLee = await unread(lee.page);
    await assignMember(await session("hospital"), visitId, knownPersona("lee").address);
    await bellSays(page, before + 2);
    await bellSays(lee.page, ofLee + 1);
  });

  it("tells what happened by day, marks what is new, and leads to where one acts", async () => {
    const { page } = amina;
    await bell(page).click();
    await seen(title(page, "Inbox"));
    await seen(page.getByText("What happens is shown here as it happens."));
    const opened = row(notices(page), OPENED);
    await seen(opened.getByText("New", { exact: true }));
    await seen(row(notices(page), "Dr Sarah Lee is part of your visit").getByText("New", { exact: true }));
    await judge(amina);

    const before = await unread(page);
    await opened.getByRole("link").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`**/#/visits/${visitId}`);
    await bellSays(page, before - 1);
    await page.goBack();
    await gone(row(notices(page), OPENED).getByText("New", { exact: true }));

    await bell(lee.page).click();
    // The newest: other suites assign her to visits, too.
    const assigned = row(notices(lee.page), "You were assigned to a visit").first();
    await seen(assigned.getByText("It waits for you"));
    await assigned.getByRole("link").click();
    await lee.page.waitForURL(`**/#/today/${visitId}`);
  });

  it("grows while one looks at it", async () => {
    const { page } = lee;
    await bell(page).click();
    await seen(title(page, "Inbox"));
    await closeVisit(await session("hospital"), visitId);
    await seen(row(notices(page), "A visit was closed").getByText("New", { exact: true }));
    await seen(row(notices(amina.page), "Your visit was closed").getByText("New", { exact: true }));
  });

  it("remembers on this device what was read, by ids alone", async () => {
    const { page } = amina;
    await button(page, "Mark all as read").click();
    await seen(page.getByText("Nothing new."));
    await bellSays(page, 0);
    await page.reload();
    await seen(page.getByText("Nothing new."));
    await bellSays(page, 0);
    const kept = await page.evaluate(async () => {
      const names = (await indexedDB.databases()).flatMap(({ name = "" }) =>
        name.startsWith("salus-inbox") ? name : [],
      );
      const found = await Promise.all(
        names.map(
          (name) =>
            new Promise<unknown[]>((resolve, reject) => {
              const opening = indexedDB.open(name);
              opening.onerror = () => reject(new Error("closed"));
              opening.onsuccess = () => {
                const asking = opening.result.transaction("marks").objectStore("marks").getAll();
                asking.onsuccess = () => resolve(asking.result);
              };
            }),
        ),
      );
      return { marks: found.flat(), local: JSON.stringify(localStorage) };
    });
    expect(kept.marks).to.have.length(1);
    expect(kept.marks[0]).to.have.all.keys("account", "beforeBlock", "read");
    expect(kept.local).not.to.match(/inbox|notice|read/i);
  });

  it("looks every few seconds where there is no live connection, and says so", async () => {
    const visit = await open();
    const { page } = visit;
    await page.routeWebSocket(/.*/, (socket) => void socket.close());
    await continueAs(page, place.url, "amina");
    await bell(page).click();
    await seen(page.getByText("There is no live connection to the chain now."));
    await seen(notices(page));
    const before = await unread(page);
    await judge(visit);
    const other = await openOne();
    await bellSays(page, before + 1);
    await closeVisit(await session("amina"), other);
  });

  it("says what it will hold to whom nothing has happened", async () => {
    const visit = await open();
    await continueAs(visit.page, place.url, "stranger");
    await bell(visit.page).click();
    await seen(visit.page.getByText("Nothing has happened yet."));
    await bellSays(visit.page, 0);
    await judge(visit);
  });
});
