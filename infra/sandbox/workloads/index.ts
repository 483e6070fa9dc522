// All objects of a scenario's cluster, in the order in which they are applied.
import type { JsonObject } from "../json.ts";
import { customObjects } from "./custom-kinds.ts";
import { namespaceObjects, platformObjects, prometheusObjects, type MonitoringPlace } from "./platform.ts";
import { routeObjects } from "./routes.ts";
import { applicationObjects, plainObjects } from "./services.ts";
import { fourLabels, sevenLabels, statefulObjects, type StorageLabels } from "./stateful.ts";

export interface Objects {
  before: JsonObject[];
  main: JsonObject[];
  /** Once the others have their places. */
  last: JsonObject[];
}

interface Layout { storage: StorageLabels; monitoring: MonitoringPlace; postgresCpuMillis?: number; dexBehaviour?: string; /** All services are Deployments. */ plain?: boolean }

const onMonitoring = { grafana: { workload: "monitoring" }, alertmanager: { workload: "monitoring" }, rest: "monitoring" };

/** Prometheus' chart still carries a selector from the layout before: it runs among the services, off its tier. */
const drifted: Layout = { storage: sevenLabels, monitoring: { ...onMonitoring, prometheus: { workload: "application" }, prometheusCpuMillis: 500 } };
/** The two that found no place: Prometheus asks for more than its machine has left, PostgreSQL as well. */
const pending: Layout = { storage: sevenLabels, monitoring: { ...onMonitoring, prometheus: { workload: "monitoring" }, prometheusCpuMillis: 1000 }, postgresCpuMillis: 1800, dexBehaviour: "crash-loop" };
/** Nothing of the monitoring is pinned; these wishes leave the storage machine room for what must be there. */
const four: Layout = { storage: fourLabels, monitoring: { prometheus: { prefersWorkload: "application" }, grafana: { prefersWorkload: "async-workers", cpuMillis: 250 }, alertmanager: { prefersWorkload: "storage" }, rest: "storage", prometheusCpuMillis: 500 } };

const plain: Layout = { ...four, plain: true };

export const layouts = { drifted, pending, four, plain } as const;

export function objectsOf(layout: Layout): Objects {
  return {
    before: namespaceObjects(),
    main: [
      ...platformObjects({ monitoring: layout.monitoring, ...(layout.dexBehaviour === undefined ? {} : { dexBehaviour: layout.dexBehaviour }) }),
      ...statefulObjects({ labels: layout.storage, ...(layout.postgresCpuMillis === undefined ? {} : { postgresCpuMillis: layout.postgresCpuMillis }) }),
      ...applicationObjects(), ...(layout.plain === true ? plainObjects() : []), ...routeObjects(), ...customObjects(),
    ],
    last: prometheusObjects(layout.monitoring),
  };
}
