// F-60: two installers own the same objects.
import { openDrift } from "../buttons";
import { routeEvidence } from "../facts";
import type { Failure } from "../failure";

export const f60: Failure = {
  id: "F-60", title: "Two installers own the same objects", area: "components", severity: "warning",
  symptom: "Argo CD says SharedResourceWarning, or Calico stands twice.",
  says: [/SharedResourceWarning/, /is part of applications \S+ and \S+/],
  look: (facts) => routeEvidence(facts, "calico-twice"),
  cause: "Operator and chart, or two Applications, each write the same objects.",
  fix: [{ say: "Keep one owner and remove the other.", button: openDrift }],
  source: "domain.md 4.7, F-60",
};
