// All objects of a scenario's cluster, in the order in which they are applied.
import type { JsonObject } from "../json.ts";
import { customObjects } from "./custom-kinds.ts";
import { namespaceObjects, platformObjects, type MonitoringPlace } from "./platform.ts";
import { routeObjects } from "./routes.ts";
import { applicationObjects } from "./services.ts";
import { fourLabels, sevenLabels, statefulObjects, type StorageLabels } from "./stateful.ts";

export interface Objects { before: JsonObject[]; main: JsonObject[] }

interface Layout { storage: StorageLabels; monitoring: MonitoringPlace; postgresCpuMillis?: number; dexBehaviour?: string }

/** Prometheus' chart still carries a selector from the layout before: it runs among the services, off its tier. */
const drifted: Layout = { storage: sevenLabels, monitoring: { pinned: "monitoring", prometheus: { workload: "application" }, prometheusCpuMillis: 500 } };
/** The two that found no place: Prometheus asks for more than its machine has left, PostgreSQL as well. */
const pending: Layout = { storage: sevenLabels, monitoring: { pinned: "monitoring", prometheus: { workload: "monitoring" }, prometheusCpuMillis: 1000 }, postgresCpuMillis: 1800, dexBehaviour: "crash-loop" };
const four: Layout = { storage: fourLabels, monitoring: { pinned: undefined, prometheus: {}, prometheusCpuMillis: 500 } };

export const layouts = { drifted, pending, four } as const;

export function objectsOf(layout: Layout): Objects {
  return {
    before: namespaceObjects(),
    main: [
      ...platformObjects({ monitoring: layout.monitoring, ...(layout.dexBehaviour === undefined ? {} : { dexBehaviour: layout.dexBehaviour }) }),
      ...statefulObjects({ labels: layout.storage, ...(layout.postgresCpuMillis === undefined ? {} : { postgresCpuMillis: layout.postgresCpuMillis }) }),
      ...applicationObjects(), ...routeObjects(), ...customObjects(),
    ],
  };
}
