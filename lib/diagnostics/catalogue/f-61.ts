// F-61: Helm looks into the wrong namespace.
import { fromJob, type Failure } from "../failure";

export const f61: Failure = {
  id: "F-61", title: "Helm looks into the wrong namespace", area: "components", severity: "info",
  symptom: "helm list is empty, or release: not found.",
  says: [/Error: release: not found/, /^NAME\s+NAMESPACE\s+REVISION\s+UPDATED\s+STATUS\s+CHART\s+APP VERSION\s*$/],
  means: fromJob,
  cause: "Releases are listed by namespace.",
  fix: [{ say: "Ask all namespaces.", command: "helm list -A" }],
  source: "domain.md 4.7, F-61",
};
