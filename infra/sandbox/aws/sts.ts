// The STS family: who is asking.
import { queryResponse, xmlType, type Family } from "./action.ts";
import { AwsError, mismatched, queryError } from "./errors.ts";
import { required } from "./query.ts";

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

export const sts: Family = {
  service: "sts",
  version: "2011-06-15",
  contentType: xmlType,
  toResponse: queryResponse(namespace),
  toError: queryError(namespace),
  /** Source: "Common Error Types", STS API reference; the sentence is the service's own. */
  unknownKey: () => new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
  mismatch: mismatched,
  denied: (say) => new AwsError("AccessDenied", say, 403),
  throttled: () => new AwsError("Throttling", "Rate exceeded", 400),
  actions: {
    /** Source: "GetCallerIdentity", STS API reference: needs no permission. */
    GetCallerIdentity: ({ cloud, caller }) => ({ Arn: caller.arn, UserId: caller.id, Account: cloud.state.accountId }),
    /** Source: "DecodeAuthorizationMessage", STS API reference. */
    DecodeAuthorizationMessage: ({ parameters }) => {
      const text = Buffer.from(required(parameters, "EncodedMessage"), "base64url").toString("utf8");
      if (!text.includes("is not authorized")) throw new AwsError("InvalidAuthorizationMessageException", "Message is not valid");
      return { DecodedMessage: JSON.stringify({ allowed: false, explicitDeny: text.includes("explicit deny"), message: text }) };
    },
  },
};
