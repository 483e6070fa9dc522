// A certificate signing request in DER (RFC 2986) for a client that is known by a name and a group.
import "server-only";
import { sign, type KeyObject } from "node:crypto";

const tags = { bitString: 0x03, utf8: 0x0c, sequence: 0x30, set: 0x31, attributes: 0xa0 } as const;

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(tags.sequence, ...parts);
/** Object identifiers and the version as they are encoded. */
const encoded = {
  version: Buffer.from("020100", "hex"), organization: Buffer.from("060355040a", "hex"), commonName: Buffer.from("0603550403", "hex"), ecdsaWithSha256: Buffer.from("06082a8648ce3d040302", "hex"),
};
const named = (kind: Buffer, text: string): Buffer => tagged(tags.set, sequence(kind, tagged(tags.utf8, Buffer.from(text))));

/** PEM of a request that is signed with the P-256 key for which the certificate is wanted. */
export function signingRequest({ user, group }: { user: string; group: string }, { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }): string {
  const subject = sequence(named(encoded.organization, group), named(encoded.commonName, user));
  const info = sequence(encoded.version, subject, publicKey.export({ type: "spki", format: "der" }), tagged(tags.attributes));
  const request = sequence(info, sequence(encoded.ecdsaWithSha256), tagged(tags.bitString, Buffer.from([0]), sign("sha256", info, privateKey)));
  return `-----BEGIN CERTIFICATE REQUEST-----\n${request.toString("base64").replaceAll(/(.{64})/g, "$1\n").trimEnd()}\n-----END CERTIFICATE REQUEST-----\n`;
}
