// F-36: the load balancer controller lacks rights in AWS.
import { openRoutes } from "../buttons";
import type { Failure } from "../failure";

export const f36: Failure = {
  id: "F-36", title: "The load balancer controller lacks rights in AWS", area: "ingress", severity: "critical",
  symptom: "AccessDenied for elasticloadbalancing:AddTags or DescribeListenerAttributes; the Ingress has no address.",
  says: [/not authorized to perform: elasticloadbalancing:\w+/],
  cause: "The policy of the machines' role is older than the controller.",
  fix: [
    { say: "Give the role the policy of the controller's release, with AddTags and DescribeListenerAttributes." },
    { say: "See the rules.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-36",
};
