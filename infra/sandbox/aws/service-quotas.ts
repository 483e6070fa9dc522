// The Service Quotas family: what the account may have. Sources: "GetServiceQuota", "ListServiceQuotas", "GetAWSDefaultServiceQuota", Service Quotas API reference.
import type { Family } from "./action.ts";
import type { Cloud } from "./cloud.ts";
import { AwsError } from "./errors.ts";
import { jsonProtocol } from "./json-protocol.ts";
import { required, whole, type Parameters } from "./query.ts";
import { limitOf, quotas, type Quota } from "./quotas.ts";
import type { Element } from "./xml.ts";

const all: Quota[] = Object.values(quotas);

function quotaIn(parameters: Parameters): Quota {
  const [service, code] = [required(parameters, "ServiceCode"), required(parameters, "QuotaCode")];
  const found = all.find((quota) => quota.service === service && quota.code === code);
  if (!found) throw new AwsError("NoSuchResourceException", "The request failed because the specified service or quota does not exist.");
  return found;
}

function toElement({ state }: Cloud, quota: Quota, value: number): Element {
  return {
    ServiceCode: quota.service, ServiceName: quota.service, QuotaArn: `arn:aws:servicequotas:${state.region}:${state.accountId}:${quota.service}/${quota.code}`, QuotaCode: quota.code, QuotaName: quota.name,
    Value: value, Unit: "None", Adjustable: true, GlobalQuota: false,
  };
}

export const serviceQuotas: Family = {
  service: "servicequotas",
  version: "2019-06-24",
  target: "ServiceQuotasV20190624",
  ...jsonProtocol,
  throttled: () => new AwsError("TooManyRequestsException", "Rate exceeded", 429),
  actions: {
    GetServiceQuota: ({ cloud, parameters }) => {
      const quota = quotaIn(parameters);
      return { Quota: toElement(cloud, quota, limitOf(cloud, quota)) };
    },
    GetAWSDefaultServiceQuota: ({ cloud, parameters }) => {
      const quota = quotaIn(parameters);
      return { Quota: toElement(cloud, quota, quota.value) };
    },
    ListServiceQuotas: ({ cloud, parameters }) => {
      const service = required(parameters, "ServiceCode");
      const found = all.filter((quota) => quota.service === service);
      if (found.length === 0) throw new AwsError("NoSuchResourceException", "The request failed because the specified service does not exist.");
      const [start, size] = [Number(parameters.get("NextToken") ?? 0), whole(parameters, "MaxResults", 100)];
      return { Quotas: found.slice(start, start + size).map((quota) => toElement(cloud, quota, limitOf(cloud, quota))), ...(start + size < found.length ? { NextToken: String(start + size) } : {}) };
    },
  },
};
