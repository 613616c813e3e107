// SPDX-License-Identifier: MIT
pragma solidity 0.8.34;

import {IConsents} from "../../../contracts/interfaces/IConsents.sol";
import {IParticipants} from "../../../contracts/interfaces/IParticipants.sol";
import {IPolicies} from "../../../contracts/interfaces/IPolicies.sol";
import {PatientId} from "../../../contracts/interfaces/Types.sol";
import {IVisits} from "../../../contracts/interfaces/IVisits.sol";
import {VM} from "./Vm.sol";

// The EIP-712 signatures that the contracts take, made without the contracts' own code.

function signAttestation(
    address patients,
    uint256 key,
    address controller,
    bytes32 tag,
    bytes32 commitment,
    uint256 nonce,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "Attestation(address controller,bytes32 personTag,bytes32 commitment,uint256 nonce,uint256 deadline)"
    );
    bytes32 structHash = keccak256(abi.encode(typeHash, controller, tag, commitment, nonce, deadline));
    return _sign(key, "Salus Patients", patients, structHash);
}

function signRotation(
    address patients,
    uint256 key,
    PatientId id,
    address from,
    address to,
    uint256 nonce,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "ControllerRotation(bytes32 patientId,address from,address to,uint256 nonce,uint256 deadline)"
    );
    bytes32 structHash = keccak256(abi.encode(typeHash, id, from, to, nonce, deadline));
    return _sign(key, "Salus Patients", patients, structHash);
}

function signGrant(
    address consents,
    uint256 key,
    IConsents.Terms memory terms,
    uint256 nonce,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "Grant(bytes32 patientId,bytes32 subject,address grantee,uint8 rights,uint48 until,bytes32 sealedKey,uint256 nonce,uint256 deadline)"
    );
    bytes32 structHash = keccak256(abi.encode(typeHash, terms, nonce, deadline));
    return _sign(key, "Salus Consents", consents, structHash);
}

function signAccreditation(
    address participants,
    uint256 key,
    IParticipants.Terms memory terms,
    uint256 nonce,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "Accreditation(address account,uint8 role,uint48 until,bytes32 profile,uint256 held,uint256 nonce,uint256 deadline)"
    );
    bytes32 structHash = keccak256(abi.encode(typeHash, terms, nonce, deadline));
    return _sign(key, "Salus Participants", participants, structHash);
}

function signOffer(
    address policies,
    uint256 key,
    IPolicies.Offer memory offer,
    uint256 nonce,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "Offer(bytes32 patientId,bytes32 ref,bytes32 previousRef,bytes32 wording,bytes32 schedule,uint48 from,uint48 until,bytes32 offer,uint256 nonce,uint256 deadline)"
    );
    bytes32 structHash = keccak256(abi.encode(typeHash, offer, nonce, deadline));
    return _sign(key, "Salus Policies", policies, structHash);
}

function signPermit(
    address visits,
    uint256 key,
    IVisits.Permit memory permit,
    uint256 deadline
) view returns (bytes memory) {
    bytes32 typeHash = keccak256(
        "Permit(bytes32 patientId,bytes32 hash,address hospital,uint64 nonce,uint48 until,bytes32 sealedKey,uint256 deadline)"
    );
    return _sign(key, "Salus Visits", visits, keccak256(abi.encode(typeHash, permit, deadline)));
}

function _sign(uint256 key, string memory name, address target, bytes32 structHash) view returns (bytes memory) {
    bytes32 domain = keccak256(
        abi.encode(
            keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
            keccak256(bytes(name)),
            keccak256("1"),
            block.chainid,
            target
        )
    );
    (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
    return abi.encodePacked(r, s, v);
}
