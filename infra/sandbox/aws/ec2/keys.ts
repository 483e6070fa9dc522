// Key pairs: a public key under a name. Sources: "ImportKeyPair", "DescribeKeyPairs", "DeleteKeyPair", EC2 API reference.
import { createHash } from "node:crypto";
import type { Action } from "../action.ts";
import { born, iso, type Cloud } from "../cloud.ts";
import { describeAction } from "../describe.ts";
import { AwsError } from "../errors.ts";
import { all, find, kinds, remove } from "../kinds.ts";
import { flag, listOf, required } from "../query.ts";
import type { KeyPair } from "../state.ts";
import { specifiedTags, tagSet } from "../tags.ts";
import type { Element } from "../xml.ts";

export const importKeyPair: Action = ({ cloud, parameters }) => {
  const name = required(parameters, "KeyName");
  const publicKey = Buffer.from(required(parameters, "PublicKeyMaterial"), "base64").toString("utf8").trim();
  const [kind = "", body = ""] = publicKey.split(/\s+/);
  if (!/^(ssh-rsa|ssh-ed25519)$/.test(kind) || body === "") throw new AwsError("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
  if (Object.values(cloud.state.keyPair).some((one) => one.name === name)) throw new AwsError("InvalidKeyPair.Duplicate", `The keypair already exists`);
  const key: KeyPair = { ...born(cloud, "key", specifiedTags(parameters, "key-pair")), name, publicKey, fingerprint: fingerprintOf(kind, body), type: kind === "ssh-rsa" ? "rsa" : "ed25519" };
  cloud.state.keyPair[key.id] = key;
  return { keyFingerprint: key.fingerprint, keyName: name, keyPairId: key.id, tagSet: tagSet(key.tags) };
};

/** Source: "Verify the fingerprint of your key pair", EC2 User Guide: MD5 of an imported RSA key, SHA-256 of an ED25519 one. */
function fingerprintOf(kind: string, body: string): string {
  const bytes = Buffer.from(body, "base64");
  if (kind === "ssh-ed25519") return createHash("sha256").update(bytes).digest("base64");
  return createHash("md5").update(bytes).digest("hex").replace(/(..)(?=.)/g, "$1:");
}

/** A name that is not there is deleted without a word. */
export const deleteKeyPair: Action = ({ cloud, parameters }) => {
  const [id, name] = [parameters.get("KeyPairId"), parameters.get("KeyName")];
  if (id === undefined && name === undefined) throw new AwsError("MissingParameter", "The request must contain the parameter KeyName or KeyPairId");
  const key = id === undefined ? all(cloud, kinds.keyPair).find((one) => one.name === name) : find(cloud, kinds.keyPair, id);
  if (key) remove(cloud, kinds.keyPair, key.id);
  return { return: true, keyPairId: key?.id ?? null };
};

const describeById = describeAction({
  kind: kinds.keyPair, ids: "KeyPairId", set: "keySet", toElement,
  fields: { "key-pair-id": (key) => [key.id], "key-name": (key) => [key.name], fingerprint: (key) => [key.fingerprint] },
});

export const describeKeyPairs: Action = (call) => {
  const { cloud, parameters } = call;
  const names = listOf(parameters, "KeyName");
  for (const name of names) keyNamed(cloud, name);
  const keys = names.map((name) => keyNamed(cloud, name).id);
  const more = new Map([...parameters, ...keys.map((id, index): [string, string] => [`KeyPairId.${index + 1}`, id])]);
  const found = describeById({ ...call, parameters: more });
  if (!flag(parameters, "IncludePublicKey")) return found;
  const shown = all(cloud, kinds.keyPair).filter(({ id }) => keys.length === 0 || keys.includes(id));
  return { keySet: shown.map((key) => ({ ...toElement(key), publicKey: key.publicKey })) };
};

export function keyNamed(cloud: Cloud, name: string): KeyPair {
  const key = all(cloud, kinds.keyPair).find((one) => one.name === name);
  if (!key) throw new AwsError(kinds.keyPair.code, kinds.keyPair.say([name]));
  return key;
}

function toElement(key: KeyPair): Element {
  return { keyPairId: key.id, keyName: key.name, keyFingerprint: key.fingerprint, keyType: key.type, createTime: iso(key.createdAtMs), tagSet: tagSet(key.tags) };
}
