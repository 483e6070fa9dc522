// What DNS says of a name now: its addresses and the names it is an alias of.
import "server-only";
import { Resolver } from "node:dns/promises";
import { AppError } from "@/lib/base/errors";

export interface NameAnswer { addresses: readonly string[]; aliases: readonly string[] }
export interface Names { resolve(name: string): Promise<NameAnswer> }

const timeoutMs = 2_000;
const noRecord = new Set(["ENODATA", "ENOTFOUND", "NXDOMAIN"]);
/** A name as DNS has it: labels and dots, nothing else. */
const isName = (text: string): boolean => text.length <= 253 && /^([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i.test(text);

/** `servers` "" for the machine's own; else addresses, with a port where it is not 53. */
export function openNames(servers: string): Names {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers !== "") resolver.setServers(servers.split(/[\s,]+/).filter((one) => one !== ""));
  return {
    async resolve(name) {
      if (!isName(name)) throw new AppError("invalid", `${name} is no name that DNS has.`);
      const [addresses, aliases] = await Promise.all([orNone(resolver.resolve4(name), name), orNone(resolver.resolveCname(name), name)]);
      return { addresses: addresses.toSorted(), aliases };
    },
  };
}

async function orNone(answer: Promise<string[]>, name: string): Promise<string[]> {
  try {
    return await answer;
  } catch (thrown) {
    const code = typeof thrown === "object" && thrown !== null && "code" in thrown ? String(thrown.code) : "";
    if (noRecord.has(code)) return [];
    throw new AppError("unavailable", `DNS did not answer for ${name} (${code || "no reason given"}).`, thrown);
  }
}
