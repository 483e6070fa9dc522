// What the services that speak JSON have in common: the form of answers and errors, and what they say to whom they do not know or do not allow.
import { jsonType, type Family } from "./action.ts";
import { AwsError, jsonError } from "./errors.ts";

export const jsonProtocol = {
  contentType: jsonType,
  toResponse: (_, result) => JSON.stringify(result),
  toError: jsonError,
  unknownKey: () => new AwsError("UnrecognizedClientException", "The security token included in the request is invalid."),
  mismatch: () => new AwsError("InvalidSignatureException", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details."),
  denied: (say) => new AwsError("AccessDeniedException", say),
} satisfies Partial<Family>;
