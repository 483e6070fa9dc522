// F-44: Prometheus asks for more memory than its machine has.
import { openWhatIf } from "../buttons";
import { about, type Failure } from "../failure";

export const f44: Failure = {
  id: "F-44", title: "Prometheus asks for more memory than its machine has", area: "storage", severity: "warning",
  symptom: "Prometheus is Pending: Insufficient memory.",
  says: [/\d+ Insufficient memory/],
  means: about(/^[^/]+\/prometheus-(?!.*(node-exporter|grafana|operator|kube-state))/),
  cause: "The machines are small and Prometheus is not.",
  fix: [{ say: "Give it a larger machine of its own, or keep less for a shorter time.", button: openWhatIf }],
  source: "domain.md 4.7, F-44",
};
