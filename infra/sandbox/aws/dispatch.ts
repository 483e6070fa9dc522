// One request from its words to its effect: who asks, may they, is it too much, what goes wrong by order, and what is answered.
import type { JsonObject } from "../json.ts";
import type { Caller, Family } from "./action.ts";
import { newRequestId } from "./action.ts";
import type { Cloud } from "./cloud.ts";
import { callerOf, credentialsOf, instanceCredentials, type UserKeys } from "./credentials.ts";
import { ec2 } from "./ec2/family.ts";
import { settle } from "./ec2/instance-life.ts";
import { elb } from "./elb/family.ts";
import { AwsError } from "./errors.ts";
import { isRead, strike, type FaultState, type Ordered, type Point } from "./faults.ts";
import { iam } from "./iam/family.ts";
import { authorize } from "./permissions.ts";
import { formOf, parseForm, parseJsonForm, type Parameters } from "./query.ts";
import { cleaned, tagsIn, type Entry, type RequestLog } from "./request-log.ts";
import { serviceQuotas } from "./service-quotas.ts";
import { signerOf, type SignedRequest } from "./signature.ts";
import { ssm } from "./ssm.ts";
import { sts } from "./sts.ts";
import { takeToken, type Level } from "./throttle.ts";
import type { Element } from "./xml.ts";

const families: readonly Family[] = [ec2, sts, iam, ssm, serviceQuotas, elb];

export interface Desk { cloud: Cloud; keys: UserKeys; faults: FaultState; levels: Level; log: RequestLog; /** After every effect. */ changed(): void }

/** What a client gets: an answer, or nothing — at once, or for as long as it cares to wait. */
export type Reply = { kind: "answer"; status: number; body: string; contentType: string; requestId: string } | { kind: "lost" } | { kind: "silence" };

interface Asked { family: Family; action: string; parameters: Parameters }

export function serve(desk: Desk, request: SignedRequest): Reply {
  const requestId = newRequestId();
  const asked = readRequest(request);
  const entry = desk.log.begin({ ...written(asked), caller: "", attempt: String(request.headers["amz-sdk-request"] ?? ""), userAgent: String(request.headers["user-agent"] ?? ""), beganMs: Date.now() });
  try {
    const struck = strikeNow(desk, "before-effect", asked);
    if (struck) return suffer(desk, entry, { struck, asked, requestId });
    const result = carryOut(desk, entry, { request, asked });
    const after = strikeNow(desk, "after-effect", asked);
    if (after) return suffer(desk, entry, { struck: after, asked, requestId });
    desk.log.end(entry, "ok");
    return { kind: "answer", status: 200, body: asked.family.toResponse(asked.action, result, requestId), contentType: asked.family.contentType, requestId };
  } catch (thrown) {
    const error = thrown instanceof AwsError ? thrown : new AwsError("InternalError", `An internal error has occurred: ${thrown instanceof Error ? thrown.message : "unknown"}`, 500);
    desk.log.end(entry, error.code);
    return refusal(asked.family, error, requestId);
  }
}

function written({ family, action, parameters }: Asked): Pick<Entry, "service" | "action" | "parameters" | "tags"> {
  return { service: family.service, action, parameters: cleaned(parameters), tags: tagsIn(parameters) };
}

function refusal(family: Family, error: AwsError, requestId: string): Reply {
  return { kind: "answer", status: error.status, body: family.toError(error, requestId), contentType: family.contentType, requestId };
}

function strikeNow({ faults }: Desk, at: Point, { action, parameters }: Asked): Ordered | null {
  return strike(faults, at, { action, values: [...parameters.values()] });
}

function suffer({ log }: Desk, entry: Entry, { struck, asked, requestId }: { struck: Ordered; asked: Asked; requestId: string }): Reply {
  if (struck.does === "hang") {
    entry.outcome = "fault:hang";
    return { kind: "silence" };
  }
  if (struck.does === "lose-reply") {
    log.end(entry, "fault:lose-reply");
    return { kind: "lost" };
  }
  const { code, message, status } = struck.does;
  log.end(entry, code);
  return refusal(asked.family, new AwsError(code, message ?? `${code}, by order.`, status ?? 400), requestId);
}

function carryOut(desk: Desk, entry: Entry, { request, asked }: { request: SignedRequest; asked: Asked }): Element {
  const caller = callerFrom(desk, request, asked);
  entry.caller = caller.arn;
  return act(desk, { ...asked, caller, entry });
}

/** An action by someone who is known: also the way of AWS' own services, which do not sign. */
export function act(desk: Desk, { family, action: name, parameters, caller, entry }: Asked & { caller: Caller; entry: Entry }): Element {
  const { cloud, levels } = desk;
  if (name === "") throw new AwsError("MissingAction", "Could not find operation: the request has no Action.");
  const action = Object.hasOwn(family.actions, name) ? family.actions[name] : undefined;
  // Source: "Common Error Types": InvalidAction; the sentence is EC2's.
  if (!action) throw new AwsError(family.target === undefined ? "InvalidAction" : "UnknownOperationException", `The action ${name} is not valid for this web service.`);
  if (caller.kind !== "service" && !takeToken(levels, { action: name, service: family.service, settings: cloud.settings, nowMs: cloud.clock.nowMs() })) throw family.throttled();
  authorize({ cloud, family, action: name, parameters }, caller);
  // Source: "Error codes for the Amazon EC2 API", DryRunOperation (412): permissions are checked, and nothing else.
  if (family === ec2 && parameters.get("DryRun") === "true") throw new AwsError("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
  settle(cloud);
  const result = wholly(cloud, name, () => action({ cloud, parameters, caller }));
  desk.log.effect(entry);
  if (!isRead(name)) desk.changed();
  return result;
}

/** A request that is refused half-way has had no effect at all. */
function wholly(cloud: Cloud, name: string, run: () => Element): Element {
  if (isRead(name)) return run();
  const before = structuredClone(cloud.state);
  try {
    return run();
  } catch (error) {
    cloud.state = before;
    throw error;
  }
}

/** `as`: a service of AWS itself; `machine`: whoever has the credentials of that instance's role, and no more rights than it. */
export interface InsideCall { service: string; action: string; input: JsonObject; as: string; machine?: string }

function insideCaller({ cloud, keys }: Desk, { as, machine }: InsideCall): Caller {
  if (machine === undefined) return { kind: "service", name: as, sessionName: "", arn: as, id: as };
  const key = instanceCredentials(cloud, machine)?.AccessKeyId;
  const credential = credentialsOf(cloud, keys).find(({ accessKeyId }) => accessKeyId === key);
  if (!credential) throw new AwsError("AuthFailure", "AWS was not able to validate the provided access credentials", 401);
  return callerOf(cloud, credential);
}

export function serviceCall(desk: Desk, call: InsideCall): Element {
  const { service, action, input } = call;
  const family = families.find((one) => one.service === service);
  if (!family) throw new AwsError("InvalidAction", `There is no service ${service} here.`);
  const asked = { family, action, parameters: formOf(input, family === ec2 || family.target !== undefined ? "" : ".member") };
  const caller = insideCaller(desk, call);
  const entry = desk.log.begin({ ...written(asked), caller: caller.arn, attempt: "", userAgent: "", beganMs: Date.now() });
  try {
    const result = act(desk, { ...asked, caller, entry });
    desk.log.end(entry, "ok");
    return result;
  } catch (error) {
    desk.log.end(entry, error instanceof AwsError ? error.code : "InternalError");
    throw error;
  }
}

/** By the service in the signature's scope; an unsigned request by its target or the version it names. */
function readRequest(request: SignedRequest): Asked {
  const target = String(request.headers["x-amz-target"] ?? "");
  const service = /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? "")?.[1];
  const spoken = families.find((family) => family.target !== undefined && target.startsWith(`${family.target}.`));
  if (spoken) return { family: spoken, action: target.slice(`${spoken.target}.`.length), parameters: parseJsonForm(request.body) };
  const parameters = parametersOf(request);
  const family = families.find((one) => (service === undefined ? one.version === parameters.get("Version") : one.service === service)) ?? ec2;
  return { family, action: parameters.get("Action") ?? "", parameters };
}

/** Parameters may come in the query (GET) or as a form (POST); source: "Make requests to the Amazon EC2 API". */
function parametersOf({ target, body }: SignedRequest): Parameters {
  const query = new URL(target, "http://localhost").search.slice(1);
  return parseForm(query === "" ? body : body === "" ? query : `${query}&${body}`);
}

/** Services whose scope may name a region that is not the endpoint's: IAM has one for the whole partition, and STS answers at a global address too. */
const everywhere: ReadonlySet<string> = new Set(["iam", "sts"]);

/** Sources: "Common Error Types" (MissingAuthenticationToken, IncompleteSignature, RequestExpired, ExpiredToken), and per family what it says to an unknown key (provisioning.md, table of errors: AuthFailure, InvalidClientTokenId). */
function callerFrom({ cloud, keys }: Desk, request: SignedRequest, { family }: Asked): Caller {
  const signer = signerOf(request, credentialsOf(cloud, keys), Date.now());
  if (signer.outcome === "missing") throw new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
  if (signer.outcome === "incomplete") throw new AwsError("IncompleteSignature", signer.say);
  if (signer.outcome === "unknown-key") throw family.unknownKey();
  if (signer.outcome === "expired") throw new AwsError("RequestExpired", signer.say);
  if (signer.outcome === "ended") throw family === ec2 ? new AwsError("RequestExpired", "Request has expired.") : family.target === undefined ? new AwsError("ExpiredToken", "The security token included in the request is expired", 403) : new AwsError("ExpiredTokenException", "The security token included in the request is expired");
  if (signer.outcome === "mismatch") throw family.mismatch();
  if (signer.scope.service !== family.service || (signer.scope.region !== cloud.state.region && !everywhere.has(family.service))) throw family.mismatch();
  return callerOf(cloud, signer.credential);
}
