/**
 * The health authority (002-39): an organisation shows the number of its licence and the activation code that came with it,
 * and gets an accreditation for the account that it signed in with. A licence belongs to the first account that shows it.
 */
import { heldBy, SalusError, signAccreditation, wasRevoked, type Address, type Role } from "../../sdk/index.js";
import { route, type Route } from "./route.js";
import { AccreditationAnswer, AccreditationRequest } from "./schemas.js";
import { decide, type Service } from "./service.js";
import { requireSession } from "./sign-in.js";
import { same, sha256 } from "./tags.js";
import { normalNumber } from "./numbers.js";

/** What an authority says of an organisation. */
interface Grounds {
  role: Role;
  name: string;
  department?: string;
  until: number;
  /** The account's accreditation as it was when it was checked: a signature counts only while it stays so. */
  held: string;
}

/** Compared with when nobody has the number. No digest is empty. */
const NOTHING = { salt: "", code: "", status: "", ends: 0 };

export const authorityRoutes: readonly Route[] = [
  route({
    method: "POST",
    url: "/v1/accreditations",
    summary: "Accredits an organisation by its licence, EIP-712 Accreditation of IParticipants.sol",
    body: AccreditationRequest,
    answer: AccreditationAnswer,
    refusals: ["SIGN_IN_REQUIRED", "LICENCE_NOT_VERIFIED", "LICENCE_IN_USE", "CHAIN_UNREACHABLE", "IPFS_UNREACHABLE"],
    secured: true,
    async handle(service, { body, caller, token }) {
      const { account } = await requireSession(service, { token });
      const licence = normalNumber(body.licence);
      const question = {
        action: "accreditation",
        subject: service.tag("licence", licence),
        caller,
        account,
      } as const;
      return decide(
        service,
        question,
        () => check(service, licence, body.code, account),
        async (grounds, nonce) => ({
          accreditation: await signAccreditation(service.session, { account, ...grounds, nonce }),
        }),
      );
    },
  }),
];

/**
 * A revocation on the chain stands above the licence: else whoever was revoked would come back by it in the next block.
 * @throws LICENCE_NOT_VERIFIED for an unknown number, a wrong code, a licence that is over or suspended, and an account that
 * was revoked, alike; LICENCE_IN_USE, CHAIN_UNREACHABLE
 */
async function check({ db, now, session }: Service, licence: string, code: string, account: Address): Promise<Grounds> {
  const found = await db.selectFrom("licences").selectAll().where("licence", "=", licence).executeTakeFirst();
  const { salt, code: onFile, status, ends } = found ?? NOTHING;
  const isRight = same(sha256(salt + code), onFile);
  if (!isRight || !found || status !== "valid" || ends <= now()) throw new SalusError("LICENCE_NOT_VERIFIED");
  // Read first: a revocation that comes in between makes the signature worthless.
  const held = await heldBy(session.chain, account, session.account);
  if (await wasRevoked(session, account, session.account)) throw new SalusError("LICENCE_NOT_VERIFIED");
  const bound = await db
    .updateTable("licences")
    .set({ account })
    .where("licence", "=", licence)
    .where((eb) => eb.or([eb("account", "is", null), eb("account", "=", account)]))
    .executeTakeFirst();
  if (bound.numUpdatedRows === 0n) throw new SalusError("LICENCE_IN_USE");
  const { role, name, department } = found;
  return { role: role as Role, name, ...(department !== null && { department }), until: ends, held };
}
