// What a running world's AWS can be told: to err, to have nothing left, to be slow, to know its user no more.
import type { Aws } from "./aws/server.ts";
import type { Settings } from "./aws/settings.ts";
import { swift } from "./aws/settings.ts";
import type { Order } from "./order.ts";
import type { Site } from "./site.ts";

function awsOf(site: Site): Aws {
  if (site.aws === null) throw new Error("This world runs without AWS.");
  return site.aws;
}

function amount(text: string | undefined, what: string): number {
  const number = Number(text);
  if (text === undefined || !Number.isFinite(number) || number < 0) throw new Error(`${text ?? "nothing"} is no ${what}.`);
  return number;
}

function keysStand(word: string): Settings["userKeys"] {
  if (word === "valid" || word === "expired" || word === "deleted") return word;
  throw new Error("Keys are valid, expired or deleted.");
}

export const awsOrders: Record<string, Order> = {
  "aws-fault": {
    usage: "aws-fault <action> <lose-reply|hang|Code> [before|after] [times]", say: "an AWS call goes wrong; 0 times is for ever",
    run: async (site, [action = "", does = "", point = "before", times = "1"]) => {
      if (action === "" || does === "") throw new Error("Name the action, and what goes wrong: lose-reply, hang, or an error's code.");
      if (point !== "before" && point !== "after") throw new Error("It goes wrong before or after the effect.");
      awsOf(site).fault({ action, at: `${point}-effect`, does: does === "lose-reply" || does === "hang" ? does : { code: does }, times: amount(times, "number of times") });
      return `${action} goes wrong ${point} its effect: ${does}.`;
    },
  },
  "aws-sold-out": {
    usage: "aws-sold-out <type> [zone]", say: "AWS has no more of an instance type",
    run: async (site, [instanceType = "", zone]) => {
      const aws = awsOf(site);
      if (instanceType === "") throw new Error("Name the instance type.");
      aws.set({ soldOut: [...aws.cloud.settings.soldOut, { instanceType, ...(zone === undefined ? {} : { zone }) }] });
      return `There is no ${instanceType} left${zone === undefined ? "" : ` in ${zone}`}.`;
    },
  },
  "aws-throttle": {
    usage: "aws-throttle <writes-per-second>", say: "AWS takes no more than so many changing calls",
    run: async (site, [rate]) => {
      const perSecond = amount(rate, "number of calls per second");
      awsOf(site).set({ throttle: { read: null, write: { perSecond, burst: Math.max(1, perSecond) }, rules: null } });
      return `AWS takes ${perSecond} changing calls a second.`;
    },
  },
  "aws-quota": {
    usage: "aws-quota <service/code> <value>", say: "the account may have so many: ec2/L-1216C47A is vCPUs",
    run: async (site, [quota = "", value]) => {
      const aws = awsOf(site);
      if (!/^[a-z]+\/L-[0-9A-F]{8}$/.test(quota)) throw new Error(`${quota} is no quota; say ec2/L-1216C47A.`);
      aws.set({ quotas: { ...aws.cloud.settings.quotas, [quota]: amount(value, "value") } });
      return `${quota} is ${value} now.`;
    },
  },
  "aws-keys": {
    usage: "aws-keys <valid|expired|deleted>", say: "how the keys of the console stand",
    run: async (site, [word = ""]) => {
      awsOf(site).set({ userKeys: keysStand(word) });
      return `The keys are ${word}.`;
    },
  },
  "aws-well": {
    usage: "aws-well", say: "nothing goes wrong at AWS any more, and its limits are the usual ones",
    run: async (site) => {
      const aws = awsOf(site);
      const { soldOut, quotas, throttle, userKeys } = structuredClone(swift);
      aws.clearFaults();
      aws.set({ soldOut, quotas, throttle, userKeys });
      return "AWS is well again.";
    },
  },
};
