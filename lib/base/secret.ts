// The console's own secret, and sealing small texts with it for rest in the database.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { env } from "./env";
import { AppError } from "./errors";

/** 32 bytes: from QUARTERDECK_SECRET, else from QUARTERDECK_HOME/secret, made there (mode 0600) by the first who asks. */
export function consoleSecret(): Buffer {
  const given = env().QUARTERDECK_SECRET;
  const secret = Buffer.from(given ?? readOrMake(path.resolve(env().QUARTERDECK_HOME, "secret")), "base64");
  if (secret.length !== 32) throw new AppError("invalid", `QUARTERDECK_SECRET must be 32 bytes in base64; it is ${secret.length}. Make one with: openssl rand -base64 32`);
  return secret;
}

function readOrMake(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString("base64"), { mode: 0o600, flag: "wx" });
  } catch (thrown) {
    if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EEXIST")) throw thrown;
  }
  return readFileSync(file, "utf8").trim();
}

/** A key for one purpose, so that what is sealed for one cannot be opened as another. Source: HKDF, RFC 5869. */
export function keyFor(purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", consoleSecret(), "", `quarterdeck ${purpose}`, 32));
}

const version = "v1";

/** AES-256-GCM; `context` (a slug, an id) is bound in, so that a sealed text cannot be moved to another row. */
export function seal(text: string, { purpose, context }: { purpose: string; context: string }): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [version, nonce.toString("base64"), cipher.getAuthTag().toString("base64"), body.toString("base64")].join(".");
}

/** Throws AppError when it was sealed under another secret or tampered with. */
export function unseal(sealed: string, { purpose, context }: { purpose: string; context: string }): string {
  const [mark, nonce = "", tag = "", body = ""] = sealed.split(".");
  try {
    if (mark !== version) throw new Error(`unknown seal ${mark}`);
    const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), Buffer.from(nonce, "base64"), { authTagLength: 16 }).setAAD(Buffer.from(context)).setAuthTag(Buffer.from(tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(body, "base64")), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new AppError("unavailable", "What is stored was sealed with another secret. Start the console with the QUARTERDECK_SECRET (or the data folder) it had then.", cause);
  }
}
