// F-55: a wait began before there was anything to wait for.
import { openJob } from "../buttons";
import { fromJob, type Failure } from "../failure";

export const f55: Failure = {
  id: "F-55", title: "A wait began before there was anything to wait for", area: "components", severity: "warning",
  symptom: "kubectl wait says: no matching resources found.",
  says: [/no matching resources found/],
  means: fromJob,
  cause: "The pods come forty to sixty seconds after their definition.",
  fix: [
    { say: "Wait a minute, poll the StatefulSet, then wait for readiness." },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-55",
};
