// The console's own secret: given by the environment or made once, and what is derived from it, each use with a key of its own.
import "server-only";
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { env } from "@/lib/base/env";
import { AppError } from "@/lib/base/errors";
import { keep } from "@/lib/runtime";

const secretBytes = 32;

export type Purpose = "sessions" | "kubeconfig" | "hooks" | "status-hook";

function secret(): Buffer {
  return keep("access.secret", () => {
    const given = env().QUARTERDECK_SECRET;
    const bytes = Buffer.from(given ?? generated(), "base64");
    if (bytes.length >= secretBytes) return bytes;
    const where = given ? "QUARTERDECK_SECRET" : `${secretFile()}`;
    throw new AppError("unavailable", `${where} holds ${bytes.length} bytes in base64 and ${secretBytes} are needed. Make one with: openssl rand -base64 32`);
  });
}

const secretFile = () => path.join(env().QUARTERDECK_HOME, "secret");

/** Written only when it is not there: two that start at once end up with the same one. */
function generated(): string {
  const file = secretFile();
  mkdirSync(path.dirname(file), { recursive: true });
  try {
    writeFileSync(file, randomBytes(secretBytes).toString("base64"), { mode: 0o600, flag: "wx" });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8").trim();
}

export function keyFor(purpose: Purpose): Buffer {
  return Buffer.from(hkdfSync("sha256", secret(), "quarterdeck", purpose, secretBytes));
}

const version = "v1";

/** AES-256-GCM. `about` binds the text to its place: it cannot be moved to another row and still be read. */
export function encrypt(purpose: Purpose, about: string, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", keyFor(purpose), nonce).setAAD(Buffer.from(about));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return [version, nonce.toString("base64"), cipher.getAuthTag().toString("base64"), sealed.toString("base64")].join(".");
}

export function decrypt(purpose: Purpose, about: string, sealed: string): string {
  const [marked, nonce, tag, body] = sealed.split(".");
  try {
    if (marked !== version || !nonce || !tag || body === undefined) throw new Error("not in the form that encrypt writes");
    const decipher = createDecipheriv("aes-256-gcm", keyFor(purpose), Buffer.from(nonce, "base64"), { authTagLength: 16 }).setAAD(Buffer.from(about)).setAuthTag(Buffer.from(tag, "base64"));
    return decipher.update(Buffer.from(body, "base64"), undefined, "utf8") + decipher.final("utf8");
  } catch (cause) {
    throw new AppError("unavailable", `What is stored for ${about} cannot be read with the console's present secret. Restore the secret it was stored with, or enter it anew.`, cause);
  }
}

/** For what is looked up by a token and must not be readable in the database; tokens are random, so no salt is needed. */
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");

export const newToken = (): string => randomBytes(32).toString("base64url");
