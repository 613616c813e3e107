import { deployed, ethers, networkHelpers, Role, bytes32, FOREVER, READ, WRITE } from "./fixture.js";
const log = async (n: string, tx: any) => { const r = await (await tx).wait(); console.log(n.padEnd(40), r.gasUsed.toString()); return r; };
it("gas", async () => {
  const w = await deployed();
  const { participants, patients, consents, records, policies, registry, amina, doctor, stranger, hospital, insurer } = w;
  await log("accredit doctor", participants.connect(hospital).accredit(stranger, Role.Doctor, w.until, bytes32()));
  await log("accredit authority", participants.connect(w.root).accredit(w.relayer, Role.HealthAuthority, w.until, bytes32()));
  const reg = async (who: any) => {
    const commitment = bytes32(), personTag = bytes32(), deadline = w.until;
    const { chainId } = await ethers.provider.getNetwork();
    const sig = await registry.signTypedData({ name: "Salus Patients", version: "1", chainId, verifyingContract: await patients.getAddress() }, { Attestation: [{ name: "controller", type: "address" }, { name: "personTag", type: "bytes32" }, { name: "commitment", type: "bytes32" }, { name: "deadline", type: "uint256" }] }, { controller: who.address, personTag, commitment, deadline });
    const r = await log("register", patients.connect(who).register({ registry, personTag, commitment, deadline }, bytes32(), sig));
    return patients.interface.parseLog(r.logs[0])!.args.patientId as string;
  };
  const p = await reg(amina);
  const scope = bytes32(), key = bytes32();
  await log("openScope", consents.connect(amina).openScope(p, scope, key));
  const terms = (g: any, until = BigInt(w.until)) => ({ patientId: p, subject: scope, grantee: g.address, rights: 3, until, sealedKey: bytes32() });
  await log("grant", consents.connect(amina).grant(terms(doctor)));
  const types = { Grant: [["patientId","bytes32"],["subject","bytes32"],["grantee","address"],["rights","uint8"],["until","uint48"],["sealedKey","bytes32"],["nonce","uint256"],["deadline","uint256"]].map(([name,type])=>({name,type})) } as any;
  for (let n = 0; n < 2; n++) {
    const t = terms([stranger, w.relayer][n]);
    const sig = await amina.signTypedData({ name: "Salus Consents", version: "1", chainId: 31337, verifyingContract: await consents.getAddress() }, types, { ...t, nonce: n, deadline: w.until });
    await log("grantBySig", consents.connect(w.relayer).grantBySig(t, w.until, sig));
  }
  await log("revoke", consents.connect(amina).revoke(p, scope, stranger));
  const e = () => ({ nonce: BigInt(bytes32()) >> 192n, size: 5000, payload: bytes32(), header: bytes32() });
  await log("append patient 1st", records.connect(amina).append(p, scope, key, e()));
  await log("append patient", records.connect(amina).append(p, scope, key, e()));
  await log("append doctor", records.connect(doctor).append(p, scope, key, e()));
  const r = await log("batch 50", records.connect(amina).appendBatch(p, scope, key, Array.from({ length: 50 }, e)));
  console.log(Number(r.gasUsed) / 50);
  const a = [p, bytes32(), bytes32(), bytes32(), 1, w.until, bytes32()] as any;
  await log("issue", policies.connect(insurer).issue(...(a as [any, any, any, any, any, any, any])));
  await log("accept", policies.connect(amina).accept({ insurer, patientId: p, ref: a[1] }, a[2], a[3]));
  await log("rotate", consents.connect(amina).rotateScope(p, scope, bytes32(), bytes32()));
});
