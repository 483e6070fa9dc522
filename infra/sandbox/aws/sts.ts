// The STS family: who is asking.
import { queryResponse, type Family } from "./action.ts";
import { AwsError, queryError } from "./errors.ts";

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

export const sts: Family = {
  service: "sts",
  version: "2011-06-15",
  toResponse: queryResponse(namespace),
  toError: queryError(namespace),
  /** Source: "Common Error Types", STS API reference; the sentence is the service's own. */
  unknownKey: () => new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403),
  mismatch: () =>
    new AwsError("SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.", 403),
  actions: {
    /** Source: "GetCallerIdentity", STS API reference: needs no permission; for an IAM user the id begins with AIDA. */
    GetCallerIdentity: ({ account, caller }) => ({
      Arn: `arn:aws:iam::${account.accountId}:user/${caller.userName}`,
      UserId: `AIDA${caller.userName.toUpperCase().padEnd(17, "X")}`,
      Account: account.accountId,
    }),
  },
};
