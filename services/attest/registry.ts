/**
 * The civil registry (EC of seed 002; 002-01, 002-17 to 002-23, 002-38): compares national id, birth date and face with its
 * record, and signs that the account belongs to that person. The name in the attestation is the record's. Nobody learns
 * from a refusal whether the id is known: it is the same answer after the same work.
 */
import { getAddress, isAddress } from "ethers";

import { attest, isSalusError, normalId, SalusError, type Address, type Hex, type Identity } from "../../sdk/index.js";
import type { FaceMatcher } from "./face/types.js";
import { route, type Route } from "./route.js";
import { AttestationAnswer, AttestationRequest } from "./schemas.js";
import { decide, type Service } from "./service.js";
import { same } from "./tags.js";

const MIB = 1024 * 1024;
/** The largest photo, in bytes. */
const MAX_PHOTO = 4 * MIB;

type Evidence = "database" | "face";

/** Compared with when nobody has the id. No date is empty. */
const NOBODY = { printed: "", name: "", birth_date: "" };

export const registryRoutes: readonly Route[] = [
  route({
    method: "POST",
    url: "/v1/attestations",
    summary: "Attests that an account belongs to a person, EIP-712 Attestation of IPatients.sol",
    body: AttestationRequest,
    answer: AttestationAnswer,
    refusals: [
      "NOT_VERIFIED",
      "FACE_MISMATCH",
      "NO_PHOTO_ON_FILE",
      "PHOTO_REQUIRED",
      "PHOTO_UNREADABLE",
      "PHOTO_TOO_LARGE",
      "NO_FACE",
      "SEVERAL_FACES",
      "FACE_TOO_SMALL",
      "CHAIN_UNREACHABLE",
    ],
    // A photo in base64, and room for one that is just too large to be told so.
    bodyLimit: 6 * MIB,
    async handle(service, { body, caller }) {
      const { nationalId, birthDate, salt } = body;
      const { session, photo: rule } = service;
      const controller = addressIn(body.controller, "controller");
      const photo = body.photo === undefined ? null : photoIn(body.photo);
      // Asked of everyone before anything is looked up.
      if (rule === "required" && !photo) throw new SalusError("PHOTO_REQUIRED");
      const id = normalId(nationalId);
      const question = {
        action: "attestation",
        subject: service.tag("id", id),
        caller,
        account: controller,
      } as const;
      return decide(
        service,
        question,
        async () => {
          const identity = await identify(service, id, birthDate);
          return { identity, evidence: await look(service, id, photo) };
        },
        async ({ identity, evidence }, nonce) => {
          const request = { controller, identity, salt: salt as Hex };
          const attestation = await attest(session, session.signer, session.root, request, { nonce: String(nonce) });
          return { attestation, identity, evidence };
        },
      );
    },
  }),
];

/** An address in the request, with its checksum. @throws INVALID_INPUT */
export function addressIn(text: string, field: string): Address {
  if (!isAddress(text)) throw new SalusError("INVALID_INPUT", { field });
  return getAddress(text) as Address;
}

function photoIn(base64: string): Buffer {
  const bytes = Buffer.from(base64, "base64");
  if (bytes.length > MAX_PHOTO) throw new SalusError("PHOTO_TOO_LARGE");
  return bytes;
}

/** The person with this id, if the birth date is theirs. @throws NOT_VERIFIED */
async function identify({ db }: Service, id: string, birthDate: string): Promise<Identity> {
  const citizen = await db
    .selectFrom("citizens")
    // Not the photo: that it takes longer to read would tell that there is one.
    .select(["printed", "name", "birth_date"])
    .where("id", "=", id)
    .executeTakeFirst();
  const { printed, name, birth_date: onFile } = citizen ?? NOBODY;
  if (!same(birthDate, onFile)) throw new SalusError("NOT_VERIFIED");
  return { nationalId: printed, name, birthDate: onFile };
}

/** What else the registry made sure by: the face, if its rule asks for that. @throws FACE_MISMATCH, NO_PHOTO_ON_FILE, and the refusals of a photo */
async function look({ db, photo: rule, faces }: Service, id: string, live: Buffer | null): Promise<Evidence[]> {
  const { photo } = await db.selectFrom("citizens").select("photo").where("id", "=", id).executeTakeFirstOrThrow();
  if (photo === null) {
    if (rule === "required") throw new SalusError("NO_PHOTO_ON_FILE");
    return ["database"];
  }
  if (!live) throw new SalusError("PHOTO_REQUIRED");
  if (!(await isMatch(faces, live, Buffer.from(photo, "base64")))) throw new SalusError("FACE_MISMATCH");
  return ["database", "face"];
}

async function isMatch(faces: FaceMatcher | null, live: Uint8Array, onFile: Uint8Array): Promise<boolean> {
  if (!faces) throw new SalusError("SERVICE_BUSY");
  try {
    return (await faces.match(live, onFile)).isMatch;
  } catch (error) {
    // A record that can't be compared with is the registry's affair: no other photo would help.
    if (isSalusError(error) && error.details.photo === "on file") {
      throw new SalusError("NO_PHOTO_ON_FILE", {}, { cause: error });
    }
    throw error;
  }
}
