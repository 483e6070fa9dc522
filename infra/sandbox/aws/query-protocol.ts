// What the services that speak the Query protocol have in common (EC2 speaks its own dialect): the form of answers and errors, and what they say to whom they do not know or do not allow.
import { queryResponse, xmlType, type Family } from "./action.ts";
import { AwsError, mismatched, queryError } from "./errors.ts";

/** Source: "Common Error Types" of the STS, IAM and ELBv2 API references; the sentences are the services' own. */
export function queryProtocol(namespace: string) {
  return {
    contentType: xmlType,
    toResponse: queryResponse(namespace),
    toError: queryError(namespace),
    unknownKey: () => new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
    mismatch: mismatched,
    denied: (say) => new AwsError("AccessDenied", say, 403),
    throttled: () => new AwsError("Throttling", "Rate exceeded", 400),
  } satisfies Partial<Family>;
}
