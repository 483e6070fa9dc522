// What a family of actions is: one AWS service, its version, its actions, and the form it speaks.
import { randomUUID } from "node:crypto";
import type { Cloud } from "./cloud.ts";
import type { AwsError, ErrorForm } from "./errors.ts";
import type { Parameters } from "./query.ts";
import { toDocument, toXml, type Element } from "./xml.ts";

/** Who asks: the account's own user, the session of a role, or a service of AWS itself. */
export interface Caller { kind: "user" | "role" | "service"; name: string; sessionName: string; arn: string; id: string }

export interface Call { cloud: Cloud; parameters: Parameters; caller: Caller }

export type Action = (call: Call) => Element;

export interface Family {
  /** The service's name in a signature's scope, and before the colon of a permission. */
  service: string;
  version: string;
  /** The word before the dot of X-Amz-Target, for services that speak JSON. */
  target?: string;
  actions: Record<string, Action>;
  contentType: string;
  toResponse(action: string, result: Element, requestId: string): string;
  toError: ErrorForm;
  /** What the service answers to a key it does not know. */
  unknownKey(): AwsError;
  /** What the service answers to a signature that does not fit. */
  mismatch(): AwsError;
  /** What the service answers to who may not. */
  denied(say: string): AwsError;
  /** What the service answers to who asks too often. */
  throttled(): AwsError;
}

export const xmlType = "text/xml;charset=UTF-8";
export const jsonType = "application/x-amz-json-1.1";

/** Source: "EC2 Query protocol" (Smithy 2.0): <ActionResponse> with requestId first and the result's members beside it. */
export function ec2Response(namespace: string): Family["toResponse"] {
  return (action, result, requestId) => toDocument(`${action}Response`, namespace, toXml({ requestId, ...result }, "item"));
}

/** Source: "AWS Query protocol" (Smithy 2.0): <ActionResponse><ActionResult/><ResponseMetadata/>. */
export function queryResponse(namespace: string): Family["toResponse"] {
  return (action, result, requestId) =>
    toDocument(`${action}Response`, namespace, toXml({ [`${action}Result`]: result, ResponseMetadata: { RequestId: requestId } }, "member"));
}

export function newRequestId(): string {
  return randomUUID();
}
