// The STS family: who is asking.
import type { Family } from "./action.ts";
import { AwsError } from "./errors.ts";
import { queryProtocol } from "./query-protocol.ts";
import { required } from "./query.ts";

export const sts: Family = {
  service: "sts",
  version: "2011-06-15",
  ...queryProtocol("https://sts.amazonaws.com/doc/2011-06-15/"),
  actions: {
    /** Source: "GetCallerIdentity", STS API reference: needs no permission. */
    GetCallerIdentity: ({ cloud, caller }) => ({ Arn: caller.arn, UserId: caller.id, Account: cloud.state.accountId }),
    /** Source: "DecodeAuthorizationMessage", STS API reference. */
    DecodeAuthorizationMessage: ({ parameters }) => {
      const text = Buffer.from(required(parameters, "EncodedMessage"), "base64url").toString("utf8");
      const [, arn, action, resource] = /^User: (\S+) is not authorized to perform: (\S+) on resource: (\S+) /.exec(text) ?? [];
      if (arn === undefined) throw new AwsError("InvalidAuthorizationMessageException", "Message is not valid");
      const none = { items: [] };
      return { DecodedMessage: JSON.stringify({ allowed: false, explicitDeny: text.includes("explicit deny"), matchedStatements: none, failures: none, context: { principal: { arn }, action, resource, conditions: none } }) };
    },
  },
};
