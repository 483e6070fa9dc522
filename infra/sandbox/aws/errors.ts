// What AWS answers when it refuses: a code, a sentence, an HTTP status, in the XML form of each service.
import { toDocument, toXml } from "./xml.ts";

export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type ErrorForm = (error: AwsError, requestId: string) => string;

/** Source: "Error codes for the Amazon EC2 API", section on the example error response. */
export const ec2Error: ErrorForm = (error, requestId) =>
  toDocument("Response", "", toXml({ Errors: { Error: { Code: error.code, Message: error.message } }, RequestID: requestId }, "item"));

/** Source: "AWS Query protocol" (Smithy 2.0), error response serialization; the namespace is that of the service. */
export function queryError(namespace: string): ErrorForm {
  return (error, requestId) => {
    const type = error.status >= 500 ? "Receiver" : "Sender";
    return toDocument("ErrorResponse", namespace, toXml({ Error: { Type: type, Code: error.code, Message: error.message }, RequestId: requestId }, "member"));
  };
}

/** Source: "AWS JSON 1.1 protocol" (Smithy 2.0), operation error serialization: the code is in __type. */
export const jsonError: ErrorForm = (error) => JSON.stringify({ __type: error.code, message: error.message });

/** What Query and JSON services alike say of a wrong signature. Source: "Common Errors" of IAM and STS; the sentence is the services' own. */
export function mismatched(): AwsError {
  return new AwsError("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.", 403);
}
