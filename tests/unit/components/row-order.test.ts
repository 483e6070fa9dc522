// Which rows a table shows, in which order.
import { describe, expect, it } from "vitest";
import { nodeColumns, podColumns } from "@/components/placement/table/columns";
import { orderOf, type OrderRequest, type ShownTable } from "@/components/placement/table/row-order";
import { parseFilter } from "@/lib/placement/filter";
import type { EventRow } from "@/lib/placement/model";
import { nodeRow } from "../../fixtures/rows";
import { pendingPodKey, sevenNodeTables } from "../../fixtures/seven-node";

const filterOf = (text: string) => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.say);
  return parsed.filter;
};
const event = (uid: string, kind: string, namespace: string, name: string): EventRow => ({ uid, at: 1, type: "Normal", reason: "r", message: "m", count: 1, kind, namespace, name });
const tables = () => {
  const made = sevenNodeTables();
  for (const row of [event("1", "Pod", "argocd", "argocd-0"), event("2", "Node", "", "k8s-redis"), event("3", "Pod", "gone", "gone")]) made.events.set(row.uid, row);
  return made;
};
const shown = (table: ShownTable, text: string, sort: OrderRequest["sort"] = null) => orderOf(tables(), { table, filter: text === "" ? null : filterOf(text), sort });
const columnValue = (columns: typeof podColumns, id: string) => {
  const column = columns.find((each) => each.id === id);
  if (!column) throw new Error(`no column ${id}`);
  return column.value;
};

describe("filtering", () => {
  it("shows the pods that match, and a node or workload when it or one of its pods does", () => {
    expect(shown("pods", "status:pending")).toEqual([pendingPodKey]);
    expect(shown("nodes", "ns:argocd")).toEqual(["k8s-postgresql", "k8s-redis", "k8s-worker-1", "k8s-worker-2"]);
    expect(shown("nodes", "tier:1")).toEqual(["k8s-master", "k8s-monitoring"]);
    expect(shown("workloads", "app:argocd")).toEqual(["Deployment/argocd/argocd"]);
  });

  it("shows events of what matches, also of pods that are gone, by their names", () => {
    expect(shown("events", "ns:argocd")).toEqual(["1"]);
    expect(shown("events", "tier:4 node:k8s-redis")).toEqual(["2"]);
    expect(shown("events", "ns:gone")).toEqual(["3"]);
  });
});

describe("sorting", () => {
  it("is by value, then by key, so that equal rows keep their places", () => {
    const restarts = { value: columnValue(podColumns, "restarts"), descending: true };
    const first = shown("pods", "", restarts);
    expect(first[0]).toBe("argocd/argocd-1");
    expect(first.slice(1)).toEqual([...first.slice(1)].sort());
  });

  it("puts figures that could not be read last when ascending", () => {
    const given = tables();
    given.nodes.set("broken", nodeRow("broken", null, { cpuMillis: Number.NaN }));
    const order = orderOf(given, { table: "nodes", filter: null, sort: { value: columnValue(nodeColumns, "cpu"), descending: false } });
    expect(order.at(-1)).toBe("broken");
  });
});
