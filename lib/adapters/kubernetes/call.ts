// One request to an API server on somebody's behalf: what the network does becomes a sentence.
import "server-only";
import { AppError } from "@/lib/base/errors";
import type { Credentials } from "./credentials";
import { bodyText, type Answer, type Ask, type Transport } from "./transport";
import { networkTrouble, refusalError, refusalOf } from "./trouble";

export interface ClientSetting {
  transport: Transport;
  server: string;
  credentials: Credentials | null;
  closing: AbortSignal;
}

export type Call = (what: string, ask: Omit<Ask, "signal" | "headTimeoutMs">) => Promise<Answer>;

const headTimeoutMs = 15_000;
export const maxObjectBytes = 16_000_000;

export function caller({ transport, server, closing }: ClientSetting): Call {
  return async (what, ask) => {
    try {
      return await transport.ask({ ...ask, signal: closing, headTimeoutMs });
    } catch (thrown) {
      if (thrown instanceof AppError) throw thrown;
      throw new AppError("unavailable", `Could not ${what}: ${networkTrouble(thrown, server).say}`, thrown);
    }
  };
}

export const isOk = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

export async function expect2xx(what: string, answer: Answer): Promise<string> {
  if (!isOk(answer)) throw refusalError(what, await refusalOf(answer));
  return bodyText(answer, maxObjectBytes);
}
