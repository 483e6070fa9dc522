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
