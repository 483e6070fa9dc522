// F-72: AWS takes its time to let go.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f72: Failure = {
  id: "F-72", title: "AWS takes its time to let go", area: "teardown", severity: "info",
  symptom: "An interface is in use or detaching; a load balancer is still being deleted.",
  says: [/[Nn]etwork interface '?eni-\w+'? is (currently )?in use/, /eni-\w+[\s\S]*(detaching|InvalidParameterValue)/],
  cause: "Deleting is asynchronous: interfaces take 5–15 seconds, load balancers 10–60.",
  fix: [{ say: "Wait up to sixty seconds, then retry.", button: openJob }],
  source: "domain.md 4.7, F-72",
};
