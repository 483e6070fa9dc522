// AWS as far as the sandbox has it: one loopback address that speaks the Query protocols of its families.
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Machine } from "../machines/catalogue.ts";
import { createAccount, type Account, type InstanceState } from "./account.ts";
import { newRequestId, type Family } from "./action.ts";
import { ec2 } from "./ec2.ts";
import { AwsError } from "./errors.ts";
import { parseForm, type Parameters } from "./query.ts";
import { signerOf, type Credential, type SignedRequest } from "./signature.ts";
import { sts } from "./sts.ts";

const families: readonly Family[] = [ec2, sts];

export interface AwsOptions {
  /** 0: any that is free. */
  port: number;
  machines: readonly Machine[];
}

export interface Aws {
  url: string;
  credential: Credential;
  /** An order from outside the API: what became of a machine. False when there is no such instance. */
  setInstanceState(instanceId: string, state: InstanceState): boolean;
  stop(): Promise<void>;
}

const maxBodyBytes = 1024 * 1024;
/** The machines were there before the world came up. */
const launchedBeforeMs = 19 * 24 * 3600_000;

export async function startAws({ port, machines }: AwsOptions): Promise<Aws> {
  const account = createAccount(machines, Date.now() - launchedBeforeMs);
  const [credential] = account.credentials;
  if (!credential) throw new Error("an account without a credential");
  const server = createServer((request, response) => {
    void answer(request, account).then(({ status, body, requestId }) => {
      response.writeHead(status, { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId, "cache-control": "no-cache, no-store" });
      response.end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    credential,
    setInstanceState(instanceId, state) {
      const instance = account.instances.get(instanceId);
      if (instance) instance.state = state;
      return instance !== undefined;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A TCP server that listens has an AddressInfo; the other forms are for pipes and for servers that do not. */
function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

interface Answer { status: number; body: string; requestId: string }

async function answer(request: IncomingMessage, account: Account): Promise<Answer> {
  const requestId = newRequestId();
  let family: Family = ec2;
  try {
    const signed: SignedRequest = { method: request.method ?? "GET", target: request.url ?? "/", headers: request.headers, body: await bodyOf(request) };
    const parameters = parametersOf(signed);
    family = familyOf(signed, parameters);
    const caller = callerOf(signed, family, account);
    const name = parameters.get("Action");
    const action = name === undefined ? undefined : Object.hasOwn(family.actions, name) ? family.actions[name] : undefined;
    if (name === undefined) throw new AwsError("MissingAction", "Could not find operation: the request has no Action.");
    // Source: "Common Error Types": InvalidAction; the sentence is EC2's.
    if (!action) throw new AwsError("InvalidAction", `The action ${name} is not valid for this web service.`);
    return { status: 200, body: family.toResponse(name, action({ account, parameters, caller }), requestId), requestId };
  } catch (thrown) {
    const error = thrown instanceof AwsError ? thrown : new AwsError("InternalError", "An internal error has occurred", 500);
    return { status: error.status, body: family.toError(error, requestId), requestId };
  }
}

/** Parameters may come in the query (GET) or as a form (POST); source: "Make requests to the Amazon EC2 API". */
function parametersOf({ target, body }: SignedRequest): Parameters {
  const query = new URL(target, "http://localhost").search.slice(1);
  return parseForm(query === "" ? body : body === "" ? query : `${query}&${body}`);
}

/** By the service in the signature's scope; an unsigned request by the version it names. */
function familyOf({ headers }: SignedRequest, parameters: Parameters): Family {
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(headers.authorization ?? "")?.[1];
  const found = families.find((family) => (service === undefined ? family.version === parameters.get("Version") : family.service === service));
  return found ?? ec2;
}

/** Sources: "Common Error Types" (MissingAuthenticationToken, IncompleteSignature, RequestExpired), and per family what it says to an unknown key (provisioning.md, table of errors: AuthFailure, InvalidClientTokenId). */
function callerOf(request: SignedRequest, family: Family, account: Account): Credential {
  const signer = signerOf(request, account.credentials, Date.now());
  if (signer.outcome === "missing") throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  if (signer.outcome === "incomplete") throw new AwsError("IncompleteSignature", signer.say);
  if (signer.outcome === "unknown-key") throw family.unknownKey();
  if (signer.outcome === "expired") throw new AwsError("RequestExpired", signer.say);
  if (signer.outcome === "mismatch") throw family.mismatch();
  return signer.credential;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > maxBodyBytes) throw new AwsError("RequestEntityTooLarge", "The request is too large.", 413);
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString("utf8");
}
