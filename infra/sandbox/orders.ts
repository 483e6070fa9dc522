// What a running world can be told to do: lose a machine, cut the wire, forget its history.
import { awsOrders } from "./aws-orders.ts";
import { durationMs, type Order } from "./order.ts";
import type { Outcome } from "./report.ts";
import { mainCluster, setChurn, type Site } from "./site.ts";
import { trafficOrders } from "./traffic-orders.ts";

function knownNode(site: Site, name: string | undefined): string {
  const names = mainCluster(site).scenario.machines.map((machine) => machine.name);
  if (name !== undefined && names.includes(name)) return name;
  throw new Error(`There is no machine called ${name ?? "nothing"}. There are ${names.join(", ")}.`);
}

function healAfter(site: Site, afterMs: number | null): void {
  if (afterMs === null) return;
  setTimeout(() => void mainCluster(site).cluster.proxy.heal(), afterMs).unref();
}

const nodeOrders: Record<string, Order> = {
  "stop-node": {
    usage: "stop-node <name>", say: "the machine falls silent",
    run: async (site, [name]) => {
      const node = knownNode(site, name);
      const { kubelets } = mainCluster(site);
      if (kubelets === null) throw new Error("This world runs without machines.");
      await kubelets.lose(node);
      return `${node} is silent now; the node controller notices within 20 s.`;
    },
  },
  "start-node": {
    usage: "start-node <name>", say: "the machine comes back",
    run: async (site, [name]) => {
      const node = knownNode(site, name);
      await mainCluster(site).kubelets?.restore(node);
      return `${node} is back.`;
    },
  },
};

const wireOrders: Record<string, Order> = {
  "cut-connections": {
    usage: "cut-connections", say: "every open connection to the API breaks",
    run: async (site) => `${mainCluster(site).cluster.proxy.cut()} connections were cut.`,
  },
  "refuse-connections": {
    usage: "refuse-connections [duration]", say: "nobody reaches the API",
    run: async (site, [duration]) => {
      await mainCluster(site).cluster.proxy.refuse();
      healAfter(site, duration === undefined ? null : durationMs(duration, 0));
      return "The API takes no connections.";
    },
  },
  "stall-network": {
    usage: "stall-network [duration]", say: "connections stay open and nothing passes",
    run: async (site, [duration]) => {
      mainCluster(site).cluster.proxy.stall();
      healAfter(site, duration === undefined ? null : durationMs(duration, 0));
      return "Nothing passes to or from the API.";
    },
  },
  "slow-network": {
    usage: "slow-network [latency] [bytes-per-second] [duration]", say: "the way to the API becomes slow",
    run: async (site, [latency, rate, duration]) => {
      const latencyMs = durationMs(latency, 300);
      const bytesPerSecond = Number(rate ?? 0);
      if (!Number.isFinite(bytesPerSecond) || bytesPerSecond < 0) throw new Error(`${rate ?? ""} is no number of bytes per second.`);
      mainCluster(site).cluster.proxy.slow({ latencyMs, bytesPerSecond });
      healAfter(site, duration === undefined ? null : durationMs(duration, 0));
      return `Every answer comes ${latencyMs} ms late${bytesPerSecond > 0 ? `, at ${bytesPerSecond} bytes a second` : ""}.`;
    },
  },
  "heal-network": {
    usage: "heal-network", say: "the way to the API is as it should be",
    run: async (site) => {
      await mainCluster(site).cluster.proxy.heal();
      return "The network is well again.";
    },
  },
};

const apiOrders: Record<string, Order> = {
  "pause-api": {
    usage: "pause-api [duration]", say: "the API server stands still, its connections open",
    run: async (site, [duration]) => {
      const pauseMs = durationMs(duration, 10_000);
      mainCluster(site).cluster.pauseApi(pauseMs);
      return `The API server stands still for ${pauseMs} ms.`;
    },
  },
  "restart-api": {
    usage: "restart-api", say: "the API server is killed and started again",
    run: async (site) => {
      await mainCluster(site).cluster.restartApi();
      return "The API server is back.";
    },
  },
  compact: {
    usage: "compact", say: "history is forgotten: a watch from before is answered with 410",
    run: async (site) => {
      const revision = await site.etcd.compact();
      await mainCluster(site).cluster.restartApi();
      return `All before revision ${revision} is forgotten, and the API server has a new cache.`;
    },
  },
};

const lifeOrders: Record<string, Order> = {
  hurry: {
    usage: "hurry", say: "nobody else needs the processor: compile on all of it",
    run: async (site) => {
      site.hurry.abort();
      return "What is still compiled takes every core from now on.";
    },
  },
  churn: {
    usage: "churn [pods-per-second]", say: "pods come and go; 0 ends it, without a number it tells how many have",
    run: async (site, [rate]) => {
      if (rate === undefined) return `${site.churn?.perSecond() ?? 0} pods a second change; ${site.churn?.done() ?? 0} have so far.`;
      const perSecond = Number(rate);
      if (!Number.isFinite(perSecond) || perSecond < 0 || perSecond > 2_000) throw new Error(`${rate} is no number of pods per second between 0 and 2000.`);
      setChurn(site, perSecond);
      return perSecond === 0 ? "The pods have rest." : `${perSecond} pods a second change.`;
    },
  },
};

const orders: Record<string, Order> = { ...nodeOrders, ...wireOrders, ...apiOrders, ...lifeOrders, ...trafficOrders, ...awsOrders };

export function ordersHelp(): string {
  return Object.values(orders).map(({ usage, say }) => `  ${usage.padEnd(56)} ${say}`).join("\n");
}

export async function carryOut(site: Site, name: string, args: readonly string[]): Promise<Outcome> {
  const order = orders[name];
  if (order === undefined) return { ok: false, say: `There is no order ${name}. There are: ${Object.keys(orders).join(", ")}.` };
  try {
    return { ok: true, say: await order.run(site, args) };
  } catch (error) {
    return { ok: false, say: error instanceof Error ? error.message : String(error) };
  }
}
