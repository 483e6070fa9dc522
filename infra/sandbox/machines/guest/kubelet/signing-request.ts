// A certificate signing request in DER (RFC 2986), as a kubelet sends it for its client certificate.
import { sign, type KeyObject } from "node:crypto";

function tagged(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

const sequence = (...parts: readonly Buffer[]): Buffer => tagged(0x30, ...parts);
/** Object identifiers as they are encoded. */
const organization = Buffer.from("060355040a", "hex");
const commonName = Buffer.from("0603550403", "hex");
const ecdsaWithSha256 = Buffer.from("06082a8648ce3d040302", "hex");

function nameOf(rows: readonly { oid: Buffer; text: string }[]): Buffer {
  return sequence(...rows.map(({ oid, text }) => tagged(0x31, sequence(oid, tagged(0x0c, Buffer.from(text))))));
}

/** PEM of a request for a node's client certificate, signed with its P-256 key. */
export function nodeSigningRequest(nodeName: string, key: { publicKey: KeyObject; privateKey: KeyObject }): string {
  const subject = nameOf([{ oid: organization, text: "system:nodes" }, { oid: commonName, text: `system:node:${nodeName}` }]);
  const info = sequence(Buffer.from("020100", "hex"), subject, key.publicKey.export({ type: "spki", format: "der" }), tagged(0xa0));
  const signature = sign("sha256", info, key.privateKey);
  const request = sequence(info, sequence(ecdsaWithSha256), tagged(0x03, Buffer.from([0]), signature));
  return `-----BEGIN CERTIFICATE REQUEST-----\n${request.toString("base64").replaceAll(/(.{64})/g, "$1\n").trimEnd()}\n-----END CERTIFICATE REQUEST-----\n`;
}
