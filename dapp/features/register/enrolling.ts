/**
 * A registration on this page: in memory while the page is open, sealed on the device in between. What is done here and
 * what the services and the chain are asked stand together.
 */
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";

import type { Address, Disclosure, Enrolled, PersonalDetails, PolicyFile, Schedule } from "../../../sdk/index.js";
import type { Carried } from "../../lib/heavy-enrolment.js";
import { inWorker, type OwnSession } from "../../lib/heavy.js";
import { loadSdk } from "../../lib/sdk.js";
import { ownDomain } from "../../lib/services.js";
import { transact } from "../../lib/transactions.js";
import { forgetTyped, keepTyped, typedBefore, type Typed } from "./typed.js";

/** A registration that is open: how far it is, its root, what was typed. */
export interface Enrolling {
  enrolment: Carried;
  root: Uint8Array;
  typed: Typed;
}

/** What a step is given: the registration, who registers, and how to keep what comes next. */
export interface StepProps {
  enrolling: Enrolling;
  session: OwnSession;
  onChange: (next: Partial<Enrolling>) => void;
}

/** The open registration of an account, or null; forgotten when another account takes over, and on a reload. */
export function useEnrolling(account: Address): [Enrolling | null, (next: Partial<Enrolling> | null) => void] {
  const queryClient = useQueryClient();
  const queryKey = ["opened", "enrolment", account];
  const { data } = useQuery<Enrolling | null>({ queryKey, queryFn: skipToken, staleTime: Infinity, gcTime: Infinity });
  const change = useCallback(
    (next: Partial<Enrolling> | null) => {
      queryClient.setQueryData<Enrolling | null>(
        ["opened", "enrolment", account],
        (before) => next && ({ ...before, ...next } as Enrolling),
      );
    },
    [queryClient, account],
  );
  return [data ?? null, change];
}

/** Whether a registration was begun here before. Needs no passphrase. */
export async function isBegun({ account }: OwnSession): Promise<boolean> {
  const { hasDraft, idbDrafts } = await loadSdk();
  return hasDraft(await idbDrafts(account));
}

/** Begins, or goes on where it was left. scrypt takes seconds on purpose. */
export async function open(session: OwnSession, passphrase: string, isResumed: boolean): Promise<Enrolling> {
  const { enrolment, root } = await inWorker(session, isResumed ? "resumeEnrolment" : "beginEnrolment", passphrase);
  return { enrolment, root, typed: await typedBefore(session.account, root) };
}

/** Keeps what was typed, sealed. */
export function remember(session: OwnSession, { root }: Enrolling, typed: Typed): Promise<void> {
  return keepTyped(session.account, root, typed);
}

/** Proves who the person is to the registry, which takes the photo with it. */
export async function identify(
  session: OwnSession,
  { enrolment, root }: Enrolling,
  registry: string,
  person: Omit<PersonalDetails, "photo"> & { photo: Blob | null },
): Promise<Carried> {
  const photo = person.photo ? new Uint8Array(await person.photo.arrayBuffer()) : undefined;
  const { nationalId, birthDate } = person;
  return inWorker({ ...session, root }, "identify", {
    enrolment,
    registry,
    person: { nationalId, birthDate, ...(photo ? { photo } : {}) },
  });
}

/** Signs in to the insurer with the wallet, shows the card, and fetches the policy that it offers. */
export function insure(
  session: OwnSession,
  { enrolment, root }: Enrolling,
  insurer: string,
  card: string,
): Promise<Carried> {
  return inWorker({ ...session, root }, "insure", { enrolment, insurer, card, domain: ownDomain() });
}

/** Asks the insurer for the same offer anew. */
export function renewOffer(session: OwnSession, { enrolment, root }: Enrolling, insurer: string): Promise<Carried> {
  return inWorker({ ...session, root }, "renewOffer", { enrolment, insurer, domain: ownDomain() });
}

/** Goes on without insurance. */
export function withoutInsurance(session: OwnSession, { enrolment, root }: Enrolling): Promise<Carried> {
  return inWorker({ ...session, root }, "withoutInsurance", { enrolment });
}

/** The insurer's files of the offer. */
export function insurersFiles(
  session: OwnSession,
  { enrolment, root }: Enrolling,
): Promise<{ wording: PolicyFile; schedule: Schedule }> {
  return inWorker({ ...session, root }, "enrolmentFiles", { enrolment });
}

/** Compares the person's own copies with the insurer's, to the bit, on this device. */
export function compare(
  session: OwnSession,
  { enrolment, root }: Enrolling,
  own: { wording: Uint8Array; schedule?: Uint8Array },
): Promise<Carried> {
  return inWorker({ ...session, root }, "comparePolicy", { enrolment, own });
}

/** What registering tells whom, computed from what will be signed. */
export async function disclose(session: OwnSession, { enrolment, root }: Enrolling): Promise<Disclosure> {
  const { discloseEnrolment, idbDrafts } = await loadSdk();
  return discloseEnrolment({ ...enrolment, session: { ...session, root }, drafts: await idbDrafts(session.account) });
}

/**
 * Registers: one signature, one transaction, all or none. The notice under "register" says how far it is, and does it again
 * when asked; whenever it comes through, `onDone` is told.
 */
export async function enrol(
  session: OwnSession,
  { enrolment, root }: Enrolling,
  onDone: (enrolled: Enrolled) => void,
): Promise<void> {
  const about = { topic: "register", title: "Registering", account: session.account };
  await transact(about, async (report) => {
    const enrolled = await inWorker({ ...session, root }, "enrol", { enrolment }, report);
    await forgetTyped(session.account);
    onDone(enrolled);
  });
}

/** Gives the registration up. Nothing of it was on the chain. */
export async function discard(session: OwnSession): Promise<void> {
  const { discardEnrolment, idbDrafts } = await loadSdk();
  await discardEnrolment(session, await idbDrafts(session.account));
  await forgetTyped(session.account);
}
