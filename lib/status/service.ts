// The door of the status page: what everybody reads, and what operators and administrators set.
import "server-only";

export { statusForm, statusList, statusPage, type Listed, type Snapshot } from "./service/view";
export { statusOffice } from "./service/office";
export { publishStatus } from "./service/publish";
export { listIncidents, openAnIncident, updateIncident, writePostMortem, dismissIncident } from "./service/incidents";
export { planMaintenance, cancelMaintenance } from "./service/maintenance";
export { ownMetrics } from "./service/own-metrics";
export { addHook, addProbe, removeHook, removeProbe, testHook } from "./service/outgoing";
