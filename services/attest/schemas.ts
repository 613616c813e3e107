/** The forms of what is asked and answered: they validate requests, write answers, and are the OpenAPI description. */
import { Type } from "typebox";

const closed = { additionalProperties: false };

/** 32 bytes as lower-case hex with 0x. */
export const Hex32 = Type.String({ pattern: "^0x[0-9a-f]{64}$", description: "32 bytes as lower-case hex" });
export const Account = Type.String({
  pattern: "^0x[0-9a-fA-F]{40}$",
  description: "Account address; if in mixed case, with the checksum of EIP-55",
});
export const Signature = Type.String({
  pattern: "^0x([0-9a-fA-F]{2}){1,4096}$",
  description: "Signature of an account (65 bytes) or of a contract wallet (ERC-1271)",
});
export const Decimal = Type.String({ pattern: "^[0-9]{1,78}$", description: "Whole number in decimal" });
export const Time = Type.Integer({ minimum: 0, maximum: 2 ** 48 - 1, description: "Unix seconds" });
export const BirthDate = Type.String({ pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", description: "YYYY-MM-DD" });

/** One line of printable text. Control characters are in no name or number, and PostgreSQL refuses a NUL. */
export function line(description: string, maxLength: number) {
  return Type.String({ minLength: 1, maxLength, pattern: "^[^\\u0000-\\u001f\\u007f]*$", description });
}

export const Person = Type.Object(
  {
    nationalId: line("National id; spaces and dashes don't count", 64),
    name: line("Name as the civil registry has it", 120),
    birthDate: BirthDate,
  },
  closed,
);

/** What a civil registry signs, EIP-712 `Attestation` of IPatients.sol. */
export const Attestation = Type.Object(
  {
    registry: Account,
    personTag: Hex32,
    commitment: Hex32,
    nonce: Decimal,
    deadline: Time,
    signature: Signature,
  },
  closed,
);

export const AttestationRequest = Type.Object(
  {
    controller: Account,
    nationalId: line("National id; spaces and dashes don't count", 64),
    birthDate: BirthDate,
    salt: Hex32,
    photo: Type.Optional(
      Type.String({
        minLength: 4,
        pattern: "^[A-Za-z0-9+/]*={0,2}$",
        description: "JPEG or PNG in base64, at most 4 MiB and 4,096 by 4,096 pixels",
      }),
    ),
  },
  closed,
);

export const AttestationAnswer = Type.Object({
  attestation: Attestation,
  identity: Person,
  evidence: Type.Array(Type.Union([Type.Literal("database"), Type.Literal("face")])),
});

export const OfferRequest = Type.Object(
  {
    attestation: Type.Optional(Attestation),
    identity: Person,
    salt: Hex32,
    card: line("Number of the insurance card; spaces and dashes don't count", 64),
    publicKey: Type.String({ pattern: "^0x[0-9a-f]{64}$", description: "X25519 key that the schedule is sealed to" }),
  },
  closed,
);

/** What an insurer signs, EIP-712 `Offer` of IPolicies.sol. */
export const OfferAnswer = Type.Object({
  insurer: Account,
  offer: Type.Object({
    patientId: Hex32,
    ref: Hex32,
    previousRef: Hex32,
    wording: Hex32,
    schedule: Hex32,
    from: Time,
    until: Time,
    offer: Hex32,
    nonce: Decimal,
    deadline: Time,
    signature: Signature,
  }),
});

export const AccreditationRequest = Type.Object(
  {
    licence: line("Number of the licence; spaces and dashes don't count", 64),
    code: line("Activation code that came with the licence", 128),
  },
  closed,
);

/** What a health authority signs, EIP-712 `Accreditation` of IParticipants.sol. */
export const AccreditationAnswer = Type.Object({
  accreditation: Type.Object({
    parent: Account,
    account: Account,
    role: Type.String(),
    until: Time,
    profile: Hex32,
    held: Decimal,
    nonce: Decimal,
    deadline: Time,
    signature: Signature,
  }),
});

export const NonceAnswer = Type.Object({ nonce: Type.String(), expiresAt: Time });

export const SignInRequest = Type.Object(
  {
    message: Type.String({ minLength: 1, maxLength: 2_000, description: "EIP-4361 message, byte for byte as signed" }),
    signature: Signature,
  },
  closed,
);

const signedIn = { account: Account, patientId: Type.Union([Hex32, Type.Null()]), expiresAt: Time };
export const SignedIn = Type.Object(signedIn);
export const SignInAnswer = Type.Object({
  token: Type.String({ description: "Bearer token. Kept as a hash only" }),
  ...signedIn,
});

export const ServiceAnswer = Type.Object({
  face: Type.Union([Type.Literal("registry"), Type.Literal("insurer"), Type.Literal("authority")]),
  name: Type.String(),
  account: Account,
  chainId: Type.Integer(),
  contracts: Type.Object({ patients: Account, participants: Account, policies: Account }),
  photo: Type.Optional(Type.Union([Type.Literal("required"), Type.Literal("when on file")])),
});

export const HealthAnswer = Type.Object({ status: Type.Literal("ok") });

const check = Type.Union([Type.Literal("ok"), Type.Literal("failed")]);
export const ReadyAnswer = Type.Object({
  status: check,
  database: check,
  chain: check,
  faces: Type.Optional(check),
});

export const RefusalAnswer = Type.Object({
  code: Type.String({ description: "What is refused, a code of docs/errors.md" }),
  why: Type.String({ description: "What happened" }),
  how: Type.String({ description: "What to do next" }),
  details: Type.Optional(
    Type.Object({
      field: Type.Optional(Type.String({ description: "The field that isn't valid" })),
      retryAfter: Type.Optional(Type.Integer({ description: "Seconds to wait" })),
    }),
  ),
});
