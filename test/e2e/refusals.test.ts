import { expect } from "chai";
import type { Page, Route } from "playwright-core";

import { attest, unlock, type Deployment, type Hex, type Session } from "../../sdk/index.js";
import { knownPersona } from "../../scripts/seed/personas.js";
import { button, chooseFile, gone, seen, title, withOneBitTurned } from "./acts.js";
import {
  choosePassphrase,
  DANA,
  enter,
  givePhoto,
  NEWCOMERS,
  openOffice,
  refusal,
  showCard,
  tellWho,
  type Newcomer,
  type RegistryOffice,
} from "./registering.js";

/** What a registry is asked. */
interface Asked {
  controller: Hex;
  nationalId: string;
  birthDate: string;
  salt: Hex;
}

describe("In a browser: what registering refuses, and what to do next", function () {
  this.timeout(180_000);

  let office: RegistryOffice;
  let newcomer: Newcomer;
  let page: Page;
  let registry: Session & { root: Uint8Array };

  before(async () => {
    office = await openOffice();
    const { world } = office.place;
    const persona = knownPersona("registry");
    const root = await unlock(world.reader, persona.address, persona.passphrase);
    registry = { ...(await world.session(persona.index)), root };
    newcomer = await office.arrive(NEWCOMERS[0]);
    ({ page } = newcomer);
    await enter(page);
    await choosePassphrase(page);
  });
  afterEach(async function () {
    if (this.currentTest?.state === "failed") await office.shoot(this.currentTest.title);
  });
  after(() => office.close());

  /** Lets a photo be chosen anew after one was refused. */
  async function again(): Promise<void> {
    await page.getByRole("alert").getByRole("button", { name: "Take another photo" }).click();
    await gone(page.getByRole("alert"));
  }

  it("a wrong national id: not told from a wrong birth date, and the details can be changed at once", async () => {
    await tellWho(page, { ...DANA, nationalId: "1993082755513" });
    await givePhoto(page, office.files.dana);
    const wrongId = await refusal(page, "The registry can't confirm these details.");
    expect(wrongId).to.include("Check the national id and the birth date as they stand on your card.");
    await page.getByRole("link", { name: "Change the details" }).click();
    await tellWho(page, { ...DANA, birthDate: "1993-08-28" });
    await givePhoto(page, office.files.dana);
    expect(await refusal(page, "The registry can't confirm these details.")).to.equal(wrongId);
    await page.getByRole("link", { name: "Change the details" }).click();
    await tellWho(page);
  });

  it("another person's face", async () => {
    await givePhoto(page, office.files.other);
    const words = await refusal(page, "The photo doesn't match the one that the registry has on file.");
    expect(words).to.include("If it fails again, visit the registry.");
    await again();
  });

  it("no face", async () => {
    await givePhoto(page, office.files.nobody);
    expect(await refusal(page, "There is no face in the photo.")).to.include("Face the camera in even light");
    await again();
  });

  it("two faces", async () => {
    await givePhoto(page, office.files.two);
    expect(await refusal(page, "There is more than one face in the photo.")).to.include("Be alone in the picture");
    await again();
  });

  it("a file that is no photo", async () => {
    await chooseFile(page, "Or drop a photo of your face", office.files.wording);
    expect(await refusal(page, "This isn't a photo that can be read.")).to.include("Nothing was sent.");
  });

  it("a camera that the page may not use, that isn't there, or that another program has", async () => {
    for (const [name, what] of [
      ["NotAllowedError", "This page may not use the camera."],
      ["NotFoundError", "There is no camera on this device."],
      ["NotReadableError", "Another program is using the camera."],
    ] as const) {
      await page.evaluate((named) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("refused", named));
      }, name);
      await button(page, "Open the camera").click();
      expect(await refusal(page, what)).to.include("choose a photo from a file");
    }
  });

  it("a registry that is down, and goes on in place once it is back", async () => {
    await office.authorities.stop("registry");
    await givePhoto(page, office.files.dana);
    const words = await refusal(page, "The service doesn't answer.");
    expect(words).to.include("Nothing was lost");
    await office.authorities.start("registry");
    await button(page, "Try again").click();
    await seen(title(page, "Your insurance card"));
  });

  it("a wrong card", async () => {
    await showCard(page, "HM-0000-0000");
    const words = await refusal(page, "The insurer can't confirm that this card is yours.");
    expect(words).to.include("Check the number on the card.");
  });

  it("somebody else's card, in the same words", async () => {
    await showCard(page, knownPersona("amina").identity?.insuranceCard ?? "");
    await refusal(page, "The insurer can't confirm that this card is yours.");
  });

  it("an insurer that is down, and goes on in place once it is back", async () => {
    await office.authorities.stop("insurer");
    await showCard(page);
    expect(await refusal(page, "The service doesn't answer.")).to.include("Nothing was lost");
    await office.authorities.start("insurer");
    await button(page, "Try again").click();
    await seen(title(page, "Your policy"));
  });

  it("a policy that differs by one bit: both digests, where it differs, and what to do", async () => {
    await chooseFile(page, "Drop your copy of the policy's wording", withOneBitTurned(office.files.wording));
    const words = await refusal(page, "Your wording isn't the insurer's.");
    expect(words).to.match(/yours 0x[0-9a-f]{64}/);
    expect(words).to.match(/insurer's 0x[0-9a-f]{64}/);
    expect(words).to.include("Nothing was sent.");
    await seen(page.getByRole("alert").getByText("1 byte differs, the first at position 101."));
    expect(await button(page, "Go on").isDisabled()).to.equal(true);
  });

  it("a schedule that differs by one bit", async () => {
    await chooseFile(page, "Your wording: care-plus-2026.txt", office.files.wording);
    await seen(page.getByRole("status").filter({ hasText: "Your wording is the insurer's, to the bit." }));
    await chooseFile(
      page,
      "And your copy of the schedule, if you have one",
      withOneBitTurned(office.files.schedule, 20),
    );
    await refusal(page, "Your schedule isn't the insurer's.");
    expect(await button(page, "Go on").isDisabled()).to.equal(true);
    await chooseFile(page, "Your schedule: my-schedule.json", office.files.schedule);
    await seen(page.getByRole("status").filter({ hasText: "Your schedule is the insurer's, to the bit." }));
    await button(page, "Go on").click();
    await seen(title(page, "Check and sign"));
    await seen(page.getByRole("region", { name: "Who will know what" }));
  });

  for (const [what, words] of [
    ["storage", "The IPFS node doesn't answer."],
    ["chain", "The chain doesn't answer."],
  ] as const) {
    it(`a ${what} that is down when all is signed: nothing is half-registered, and it goes on in place`, async () => {
      const { ipfsUrl, rpcUrl } = office.place.world;
      const where = `${what === "storage" ? ipfsUrl : rpcUrl}/**`;
      const deaf = (route: Route) => route.abort("connectionrefused");
      await newcomer.context.route(where, deaf);
      await button(page, "Sign and register").click();
      await seen(page.getByRole("status").filter({ hasText: `Registering: ${words}` }));
      await newcomer.context.unroute(where, deaf);
      await button(page.getByRole("status").filter({ hasText: words }), "Leave it").click();
    });
  }

  /** Asks anew, with an answer that the registry really signed, but for something else. */
  async function askWith(
    sign: (asked: Asked) => { deployment?: Deployment; controller?: Hex; lifetime?: number },
  ): Promise<void> {
    const pattern = `${office.authorities.urls.registry}/v1/attestations`;
    let exchanged: () => void = () => undefined;
    const isExchanged = new Promise<void>((resolve) => (exchanged = resolve));
    const exchange = async (route: Route) => {
      if (route.request().method() !== "POST") return route.fallback();
      const response = await route.fetch();
      const answer = (await response.json()) as { identity: typeof DANA; attestation: { nonce: string } };
      const asked = route.request().postDataJSON() as Asked;
      const { deployment, controller = asked.controller, lifetime } = sign(asked);
      const chain = deployment ? { ...registry.chain, deployment } : registry.chain;
      const attestation = await attest(
        { ...registry, chain },
        registry.signer,
        registry.root,
        { controller, identity: answer.identity, salt: asked.salt },
        { nonce: answer.attestation.nonce, ...(lifetime === undefined ? {} : { lifetime }) },
      );
      await route.fulfill({ response, json: { ...answer, attestation } });
      exchanged();
    };
    await newcomer.context.route(pattern, exchange);
    await givePhoto(page, office.files.dana);
    await isExchanged;
    await newcomer.context.unroute(pattern, exchange);
  }

  const MISFIT = "What the service signed isn't for this wallet on this chain and these contracts.";
  const leaveIt = () => button(page, "Take another").click();

  it("an attestation for another wallet", async () => {
    await page.getByRole("link", { name: "Your policy" }).click();
    await page.getByRole("link", { name: "Your insurance card" }).click();
    await page.getByRole("link", { name: "Your photo" }).click();
    await askWith(() => ({ controller: knownPersona("stranger").address }));
    expect(await refusal(page, MISFIT)).to.include("nothing was sent");
    await leaveIt();
  });

  it("an attestation for another chain", async () => {
    const { deployment } = office.place.world;
    await askWith(() => ({ deployment: { ...deployment, chainId: 1 } }));
    await refusal(page, MISFIT);
    await leaveIt();
  });

  it("an attestation for other contracts", async () => {
    const { deployment } = office.place.world;
    const contracts = { ...deployment.contracts, patients: deployment.contracts.keys };
    await askWith(() => ({ deployment: { ...deployment, contracts } }));
    await refusal(page, MISFIT);
    await leaveIt();
  });

  it("an attestation that has expired: it is asked for anew, and all else stays", async () => {
    // Counts when it is checked, and for too short a time to be sent.
    await office.place.world.rpc("evm_mine");
    await askWith(() => ({ lifetime: 50 }));
    await seen(title(page, "Check and sign"));
    // Blocks that came faster than seconds may have left this chain ahead of the page's clock: then it shows on sending.
    const sign = button(page, "Sign and register");
    if (await sign.isEnabled()) await sign.click();
    const words = await refusal(page, "The registry's confirmation has expired.");
    expect(words).to.include("what you have typed is kept");
    expect(await button(page, "Sign and register").isDisabled()).to.equal(true);
    await page.getByRole("link", { name: "Ask for a new one" }).click();
    await givePhoto(page, office.files.dana);
    await seen(title(page, "Check and sign"));
    await seen(page.getByText("Your copy is the insurer's, to the bit."));
    expect(await button(page, "Sign and register").isEnabled()).to.equal(true);
  });

  it("a wallet that is registered already has nothing to register", async () => {
    const { page: hers } = await office.arrive(knownPersona("amina").address);
    await hers.goto(`${office.place.url}/#/connect?then=/register`);
    await button(hers, "Continue as Test Wallet").click();
    await seen(title(hers, "You are registered"));
    await seen(hers.getByRole("link", { name: "Go to your record" }));
  });

  it("registers in the end with all that was refused on the way", async () => {
    await button(page, "Sign and register").click();
    await seen(title(page, "You are registered"));
    expect(newcomer.errors).to.deep.equal([]);
  });

  it("a service that doesn't exist for this page is named before anything is typed", async () => {
    await office.authorities.stop("registry");
    const late = await office.arrive();
    await enter(late.page);
    await choosePassphrase(late.page);
    await seen(late.page.getByRole("status").filter({ hasText: "doesn't answer at this moment." }));
    await office.authorities.start("registry");
    await gone(late.page.getByRole("status").filter({ hasText: "doesn't answer at this moment." }));
    await seen(late.page.getByText("Civil Registry compares this with its own record.", { exact: false }));
  });
});
