// F-54: Prometheus' retention is given as a map.
import type { Failure } from "../failure";

export const f54: Failure = {
  id: "F-54", title: "Prometheus' retention is given as a map", area: "components", severity: "critical",
  symptom: "spec.retention: Invalid value: map[size:80% time:7d].",
  says: [/spec\.retention: Invalid value/],
  cause: "The field is a plain text; size has one of its own.",
  fix: [{ say: "Write retention: 7d and retentionSize: 40GB." }],
  source: "domain.md 4.7, F-54",
};
