// What a network or an API server answers when it does not do what was asked, as a code and a sentence.
import { AppError, causeText, type ErrorCode } from "@/lib/base/errors";
import { bodyText, SilentServer, type Answer } from "./transport";
import { list, record, text, type Raw } from "./project/read";

export type TroubleCode = "unreachable" | "certificate" | "signed-out" | "forbidden" | "malformed";
export interface Trouble { code: TroubleCode; say: string }

const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: "The API server's certificate has expired; renew it (kubeadm certs renew apiserver).",
  CERT_NOT_YET_VALID: "The API server's certificate is not valid yet; compare the clocks of the two machines.",
  ERR_TLS_CERT_ALTNAME_INVALID: "The API server's certificate is for another name or address than the kubeconfig's server; use one that the certificate names.",
};
const wrongAuthority = /^(UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|CERT_|INVALID_CA|ERR_TLS|ERR_SSL|ERR_OSSL|HOSTNAME_MISMATCH)/;
const networkWords: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens at its address",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ENOTFOUND: "its name is not known",
  EAI_AGAIN: "its name cannot be resolved now",
  ETIMEDOUT: "it does not answer",
  EHOSTUNREACH: "there is no way to its address",
  ENETUNREACH: "there is no way to its network",
};

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}

/** Words for what was thrown on the way to a server. Whoever may see the cluster reads them, so that they never hold its address. */
export function networkTrouble(thrown: unknown, server: string): Trouble {
  const { code, say } = troubleOf(thrown);
  return { code, say: withoutAddresses(say, server) };
}

const addresses = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>,;)]*[^\s"'<>,;).:]|\[[0-9a-f:.]*:[0-9a-f:.]*\](:\d+)?|\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\b[0-9a-f]{1,4}(:[0-9a-f]{0,4}){2,7}\b|::1\b/gi;

/** `server`: the origin whose host name is taken out, too, when it is a full one: a bare word may be any word. */
function withoutAddresses(say: string, server: string): string {
  const bare = say.replace(addresses, "its address");
  const host = URL.canParse(server) ? new URL(server).hostname : "";
  return !host.includes(".") ? bare : bare.replaceAll(host, "its address");
}

function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof AppError) return { code: thrown.code === "signed-out" ? "signed-out" : "malformed", say: thrown.say };
  const code = codeOf(thrown);
  const known = certificateWords[code];
  if (known) return { code: "certificate", say: known };
  if (/alert (certificate|bad certificate|unknown ca)|ALERT_CERTIFICATE|ALERT_BAD_CERTIFICATE/i.test(`${code} ${causeText(thrown)}`)) return { code: "certificate", say: "The API server does not accept our client certificate; it may have expired." };
  if (code === "EPROTO" || code === "ERR_SSL_WRONG_VERSION_NUMBER") return { code: "unreachable", say: "What answers at the API server's address does not speak TLS." };
  if (wrongAuthority.test(code)) return { code: "certificate", say: "The API server's certificate is not signed by the CA in the kubeconfig; take the cluster's own certificate-authority-data." };
  const why = thrown instanceof SilentServer ? thrown.message : (networkWords[code] ?? causeText(thrown));
  return { code: "unreachable", say: `The API server cannot be reached: ${why}.` };
}

export interface Refusal {
  status: number;
  message: string;
  /** What the server adds, such as the budget that is in the way. */
  causes: string[];
  retryAfterMs: number | null;
}

/** Reads what a server said when it did not answer 2xx: a Status object, or plain text. */
export async function refusalOf(answer: Answer): Promise<Refusal> {
  const body = await bodyText(answer, 200_000).catch(() => "");
  const status = statusObject(body);
  return {
    status: answer.status,
    message: status ? text(status["message"]).slice(0, 500) : body.slice(0, 500),
    causes: status ? list(record(status["details"])["causes"]).map((one) => text(record(one)["message"]).slice(0, 300)) : [],
    retryAfterMs: answer.retryAfterMs,
  };
}

function statusObject(body: string): Raw | null {
  try {
    return record(JSON.parse(body));
  } catch {
    return null;
  }
}

const codeByStatus: Readonly<Record<number, ErrorCode>> = { 400: "invalid", 401: "signed-out", 403: "forbidden", 404: "not-found", 409: "conflict", 410: "gone", 422: "invalid", 429: "too-many" };

/** For a person who asked for `what` ("evict the pod a/b"). */
export function refusalError(what: string, refusal: Refusal): AppError {
  const code = codeByStatus[refusal.status] ?? "unavailable";
  const why = refusal.status === 401 ? "the kubeconfig's credentials are not accepted" : refusal.status === 403 ? `the console's account is not allowed to (${refusal.message})` : refusal.message || `the API server answered ${refusal.status}`;
  return new AppError(code, `Could not ${what}: ${why.replace(/\.$/, "")}.`, refusal);
}
