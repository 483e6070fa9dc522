// F-43: Prometheus asks for more CPU than its machine has.
import { openWhatIf } from "../buttons";
import { about, type Failure } from "../failure";

export const f43: Failure = {
  id: "F-43", title: "Prometheus asks for more CPU than its machine has", area: "storage", severity: "warning",
  symptom: "Prometheus is Pending: Insufficient cpu.",
  says: [/\d+ Insufficient cpu/],
  means: about(/^[^/]+\/prometheus-(?!.*(node-exporter|grafana|operator|kube-state))/),
  cause: "On the monitoring node 1130m of 2000m are taken; 1000m more do not fit.",
  fix: [
    { say: "Ask for 500m.", button: openWhatIf },
    { say: "Or move Grafana, or give the machine four cores (about $60 a month more)." },
  ],
  source: "domain.md 4.7, F-43",
};
