// F-38: Helm is not on the machine.
import type { Failure } from "../failure";

export const f38: Failure = {
  id: "F-38", title: "Helm is not on the machine", area: "access", severity: "critical",
  symptom: "helm: command not found.",
  says: [/helm: (command )?not found/, /No such file or directory: '?helm'?/],
  cause: "The step needs Helm and nothing installed it.",
  fix: [{ say: "Install it before the step.", command: "curl -fsSL https://raw.githubusercontent.com/helm/helm/main/scripts/get-helm-3 | bash" }],
  source: "domain.md 4.7, F-38",
};
