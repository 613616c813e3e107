import { expect } from "chai";
import { Interface } from "ethers";

import {
  IClaims__factory,
  IConsents__factory,
  IForwarder__factory,
  IFulfilments__factory,
  IKeys__factory,
  ILedger__factory,
  IOrders__factory,
  IParticipants__factory,
  IPatients__factory,
  IPolicies__factory,
  IRecords__factory,
  IVisits__factory,
  Signed__factory,
} from "../../typechain-types/index.js";
import { provoked } from "./ways.js";

const OURS = [
  IForwarder__factory,
  IParticipants__factory,
  IKeys__factory,
  IPatients__factory,
  IPolicies__factory,
  IConsents__factory,
  IVisits__factory,
  IOrders__factory,
  IRecords__factory,
  IFulfilments__factory,
  IClaims__factory,
  ILedger__factory,
];

/** Errors that OpenZeppelin's bases of `Signed` declare and that its contracts have no way to raise here. */
const INHERITED = ["InvalidShortString", "StringTooLong"];

const errorsOf = (abi: ConstructorParameters<typeof Interface>[0]): string[] => {
  const names: string[] = [];
  new Interface(abi).forEachError(({ name }) => names.push(name));
  return names;
};

describe("Custom errors", () => {
  it("have each a name of its own, so that a selector says which", () => {
    const names = OURS.flatMap(({ abi }) => errorsOf(abi));
    expect(new Set(names).size).to.equal(names.length);
    expect(names).to.not.be.empty;
  });
});

// After all files: each contract's tests provoke its errors through `refused`, with their arguments.
after("every custom error was provoked", function () {
  // This file alone provokes none.
  if (provoked.size === 0) return;
  const declared = [...OURS.flatMap(({ abi }) => errorsOf(abi)), ...errorsOf(Signed__factory.abi)];
  const missing = declared.filter((name) => !INHERITED.includes(name) && !provoked.has(name));
  expect(missing, "errors that no test provokes").to.be.empty;
});
