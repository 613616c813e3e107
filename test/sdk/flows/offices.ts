/** A chain, an IPFS node, a civil registry's and an insurer's service with real databases, and people who want to register. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { TransactionRequest } from "ethers";

import { importInto, startAttest } from "../../../services/attest/index.js";
import {
  connectInsurer,
  connectRegistry,
  deployDemoEuro,
  termsToJson,
  type Drafts,
  type InsurerService,
  type RegistryService,
  type Session,
  type Terms,
} from "../../../sdk/index.js";
import { utf8 } from "../../../sdk/core/bytes.js";
import { startWorld, type Unlocked, type World } from "../../world.js";

/** A person as the registry and the insurer know them. */
export interface Citizen {
  nationalId: string;
  name: string;
  birthDate: string;
  card: string;
}

export const WORDING = utf8("Harbour Mutual pays for what is needed, and for nothing else.\n");

/** A hundred people with a card each. */
export const CITIZENS: readonly Citizen[] = Array.from({ length: 100 }, (_, index) => ({
  nationalId: `1991-${100 + index}-4455667`,
  name: `Nomen${index} Privata`,
  birthDate: `19${50 + (index % 50)}-02-${10 + (index % 18)}`,
  card: `HM-7788-${1000 + index}`,
}));

/** The schedule that the insurer has for somebody, byte for byte. */
export const scheduleOf = ({ name, card }: Citizen): Uint8Array =>
  utf8(`${JSON.stringify({ insured: name, card, deductible: 250 }, null, 2)}\n`);

export interface Offices {
  world: World;
  accounts: { registry: Unlocked; insurer: Unlocked };
  registry: RegistryService;
  insurer: InsurerService;
  /** The host that sign-ins name: the insurer's own, as for a program. */
  domain: string;
  /** What is paid of bills, by everybody's card. */
  terms: Terms;
  /** Lets the insurer offer other terms to somebody from now on. */
  changeTerms(citizen: Citizen, changes: Partial<Terms>): Promise<void>;
  stop(): Promise<void>;
}

/** Starts all of it. */
export async function startOffices(): Promise<Offices> {
  const world = await startWorld();
  const root = await world.account(0);
  const accounts = {
    registry: await world.participant(1, root, "civil registry", "Civil Registry"),
    insurer: await world.participant(3, root, "insurer", "Harbour Mutual"),
  };
  const folder = join(world.folder, "offices");
  await mkdir(folder);
  await writeFile(join(folder, "wording.txt"), WORDING);
  const lines = (make: (citizen: Citizen) => object) => CITIZENS.map((citizen) => JSON.stringify(make(citizen)));
  const databases = { registry: join(folder, "registry.sqlite"), insurer: join(folder, "insurer.sqlite") };
  await importInto(
    databases.registry,
    "registry",
    lines(({ nationalId, name, birthDate }) => ({ nationalId, name, birthDate })),
  );
  const token = await deployDemoEuro(root.signer, { holder: accounts.insurer.account, supply: 1_000_000n });
  const terms: Terms = { token, deductible: 25_000n, coPayment: 1_000, limit: 1_000_000n };
  const cardOf = ({ card, ...person }: Citizen, its = terms) => ({
    card,
    ...person,
    plan: "Basic",
    wording: "wording.txt",
    schedule: { insured: person.name, card, deductible: 250 },
    terms: termsToJson(its),
  });
  await importInto(
    databases.insurer,
    "insurer",
    lines((citizen) => cardOf(citizen)),
    { folder },
  );
  const common = { origins: [], limits: { perCaller: 1_000_000, perSubject: 1_000_000, guessesPerCaller: 1_000_000 } };
  const open = (face: "registry" | "insurer", name: string) =>
    startAttest({ ...common, face, session: accounts[face], database: databases[face], name });
  const services = [await open("registry", "Civil Registry"), await open("insurer", "Harbour Mutual")] as const;
  return {
    world,
    accounts,
    registry: connectRegistry(services[0].url),
    insurer: connectInsurer(services[1].url),
    domain: new URL(services[1].url).host,
    terms,
    async changeTerms(citizen, changes) {
      const line = JSON.stringify(cardOf(citizen, { ...terms, ...changes }));
      await importInto(databases.insurer, "insurer", [line], { folder });
    },
    async stop() {
      for (const service of services) await service.close();
      await world.stop();
    },
  };
}

/** Drafts in memory, with what was saved last. */
export function memoryDrafts(bytes: Uint8Array | null = null): Drafts & { bytes: Uint8Array | null } {
  return {
    bytes,
    load() {
      return Promise.resolve(this.bytes);
    },
    save(next) {
      this.bytes = next;
      return Promise.resolve();
    },
    remove() {
      this.bytes = null;
      return Promise.resolve();
    },
  };
}

/** The session with a wallet whose owner says no. */
export function refusing(session: Session, what: "signMessage" | "sendTransaction"): Session {
  const no = () => Promise.reject(Object.assign(new Error("rejected"), { code: "ACTION_REJECTED" }));
  const signer = new Proxy(session.signer, {
    get: (target, name) => (name === what ? no : (Reflect.get(target, name) as unknown)),
  });
  return { ...session, signer };
}

/** The session with a wallet that tells `report` of each transaction that it sends. */
export function watched(session: Session, report: (request: TransactionRequest) => void): Session {
  const signer = new Proxy(session.signer, {
    get: (target, name) =>
      name === "sendTransaction"
        ? (request: TransactionRequest) => {
            report(request);
            return target.sendTransaction(request);
          }
        : (Reflect.get(target, name) as unknown),
  });
  return { ...session, signer };
}
