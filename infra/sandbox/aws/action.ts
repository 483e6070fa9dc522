// What a family of actions is: one AWS service, its version, its actions, and the XML it speaks.
import { randomUUID } from "node:crypto";
import type { Account } from "./account.ts";
import { AwsError, type ErrorForm } from "./errors.ts";
import type { Parameters } from "./query.ts";
import type { Credential } from "./signature.ts";
import { toDocument, toXml, type XmlValue } from "./xml.ts";

export interface Call { account: Account; parameters: Parameters; caller: Credential }

export type Action = (call: Call) => { [element: string]: XmlValue };

export interface Family {
  /** The service's name in a signature's scope. */
  service: string;
  version: string;
  actions: Record<string, Action>;
  toResponse(action: string, result: { [element: string]: XmlValue }, requestId: string): string;
  toError: ErrorForm;
  /** What the service answers to a key it does not know. */
  unknownKey(): AwsError;
  /** What the service answers to a signature that does not fit. */
  mismatch(): AwsError;
}

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
