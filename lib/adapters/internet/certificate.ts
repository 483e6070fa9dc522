// The certificate that a server shows, read from a handshake in which nothing is sent.
import "server-only";
import { connect, type PeerCertificate } from "node:tls";
import { AppError } from "@/lib/base/errors";

export interface Shown { names: readonly string[]; endsAt: number }

const timeoutMs = 4_000;

/** Whatever its chain: that it is wrong is what one wants to see. `address` must come from configuration or from AWS, never from a request. */
export function shownCertificate({ address, port, name }: { address: string; port: number; name: string }): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, servername: name, rejectUnauthorized: false, timeout: timeoutMs });
    const fail = (why: string, cause?: unknown): void => {
      socket.destroy();
      reject(new AppError("unavailable", `${address}:${port} showed no certificate: ${why}.`, cause));
    };
    socket.once("timeout", () => fail("it did not answer in time"));
    socket.once("error", (cause) => fail("code" in cause && typeof cause.code === "string" ? cause.code : cause.message, cause));
    socket.once("secureConnect", () => {
      const shown = toShown(socket.getPeerCertificate());
      if (!shown) return fail("the handshake had none");
      socket.destroy();
      resolve(shown);
    });
  });
}

function toShown({ subject, subjectaltname = "", valid_to: end }: PeerCertificate): Shown | null {
  const endsAt = Date.parse(end);
  if (!Number.isFinite(endsAt)) return null;
  const names = subjectaltname.split(/,\s*/).flatMap((one) => (one.startsWith("DNS:") ? one.slice(4) : []));
  const own = subject?.CN;
  return { names: names.length > 0 ? names : typeof own === "string" ? [own] : [], endsAt };
}
