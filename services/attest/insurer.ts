/**
 * The insurer (002-34, 002-35): a person whom a civil registry has attested (002-01: identity is proved once, and not to the
 * insurer again) shows the number of a card, and gets the policy that it stands for as a signed offer. The wording is
 * public, the schedule is sealed to the person's own key.
 */
import { basename } from "node:path";

import {
  attestedPatient,
  normalId,
  SalusError,
  signOffer,
  type Hex,
  type PatientId,
  termsFromJson,
  type PolicyFile,
  type Terms,
} from "../../sdk/index.js";
import { normalNumber } from "./numbers.js";
import { addressIn } from "./registry.js";
import { route, type Route } from "./route.js";
import { OfferAnswer, OfferRequest } from "./schemas.js";
import { decide, type Service } from "./service.js";
import { requireSession } from "./sign-in.js";
import { same } from "./tags.js";

/** What a card stands for. */
interface Grounds {
  patientId: PatientId;
  title: string;
  wording: PolicyFile;
  schedule: PolicyFile;
  from: number;
  until: number;
  terms?: Terms | undefined;
}

const YEAR = 365 * 24 * 3_600;
/** Compared with when nobody has the card. No id and no date is empty. */
const NOBODY = { holder: "", birth_date: "", ends: 0 };

export const insurerRoutes: readonly Route[] = [
  route({
    method: "POST",
    url: "/v1/offers",
    summary: "Offers the policy of a card to its holder, EIP-712 Offer of IPolicies.sol",
    body: OfferRequest,
    answer: OfferAnswer,
    refusals: ["SIGN_IN_REQUIRED", "ATTESTATION_REFUSED", "CARD_NOT_VERIFIED", "CHAIN_UNREACHABLE", "IPFS_UNREACHABLE"],
    secured: true,
    async handle(service, { body, caller, token }) {
      const { account } = await requireSession(service, { token });
      const { attestation, identity, salt, publicKey } = body;
      const card = normalNumber(body.card);
      const question = { action: "offer", subject: service.tag("card", card), caller, account } as const;
      const signed = attestation && {
        ...attestation,
        registry: addressIn(attestation.registry, "attestation.registry"),
        personTag: attestation.personTag as Hex,
        commitment: attestation.commitment as Hex,
        signature: attestation.signature as Hex,
      };
      return decide(
        service,
        question,
        async () => {
          const person = { account, identity, salt: salt as Hex };
          const patientId = await attestedPatient(service.session, person, signed);
          return { patientId, ...(await policyOf(service, card, identity)) };
        },
        async (grounds, nonce) => {
          const { insurer, ...offer } = await signOffer(
            service.session,
            { ...grounds, publicKey: publicKey as Hex },
            { nonce },
          );
          return { insurer, offer };
        },
      );
    },
  }),
];

/** @throws CARD_NOT_VERIFIED for an unknown card, somebody else's, and one that is over alike */
async function policyOf(
  { db, now }: Service,
  card: string,
  person: { nationalId: string; birthDate: string },
): Promise<Omit<Grounds, "patientId">> {
  const found = await db
    .selectFrom("cards")
    .select(["holder", "birth_date", "plan", "wording", "starts", "ends"])
    .where("card", "=", card)
    .executeTakeFirst();
  const { holder, birth_date, ends } = found ?? NOBODY;
  const isHolder = same(normalId(person.nationalId), holder);
  const isBorn = same(person.birthDate, birth_date);
  const from = found?.starts ?? now();
  const until = ends ?? from + YEAR;
  if (!isHolder || !isBorn || !found || until <= now()) throw new SalusError("CARD_NOT_VERIFIED");
  const { schedule, terms } = await db
    .selectFrom("cards")
    .select(["schedule", "terms"])
    .where("card", "=", card)
    .executeTakeFirstOrThrow();
  const wording = await db.selectFrom("wordings").selectAll().where("id", "=", found.wording).executeTakeFirstOrThrow();
  return {
    title: found.plan,
    wording: {
      bytes: Buffer.from(wording.content, "base64"),
      fileName: basename(wording.id),
      mediaType: wording.media_type,
    },
    schedule: { bytes: Buffer.from(schedule), fileName: "schedule.json", mediaType: "application/json" },
    from,
    until,
    terms: terms === null ? undefined : termsFromJson(JSON.parse(terms)),
  };
}
