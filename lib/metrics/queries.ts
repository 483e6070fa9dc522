// Every PromQL text of the console by its name, with its unit and what it means.
import type { NamedQuery } from "./model";

/** The last two scrapes within this, however slow they are: what is used now, right for a pod of half a minute too, where a rate over the whole window would say too little. */
const window = "2m";

export const queries = {
  nodeCpu: {
    name: "nodeCpu", unit: "millicores", meaning: "CPU that a node uses, over all its processors and everything that runs on it.",
    expression: `sum by (node, instance) (irate(node_cpu_seconds_total{mode!="idle"}[${window}])) * 1000`,
  },
  nodeMemory: {
    name: "nodeMemory", unit: "bytes", meaning: "Memory of a node that is not available to new programs.",
    expression: "sum by (node, instance) (node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
  },
  podCpu: {
    name: "podCpu", unit: "millicores", meaning: "CPU that the containers of a pod use together.",
    expression: `sum by (namespace, pod) (irate(container_cpu_usage_seconds_total{container!="",pod!=""}[${window}])) * 1000`,
  },
  podMemory: {
    name: "podMemory", unit: "bytes", meaning: "Memory of a pod's containers that cannot be given back: what the kernel's OOM killer looks at.",
    expression: 'sum by (namespace, pod) (container_memory_working_set_bytes{container!="",pod!=""})',
  },
} as const satisfies Record<string, NamedQuery>;
