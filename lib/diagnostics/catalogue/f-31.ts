// F-31: the load balancer speaks HTTPS to a server that does not.
import { openRoutes } from "../buttons";
import type { Failure } from "../failure";

export const f31: Failure = {
  id: "F-31", title: "The load balancer speaks HTTPS to a server that does not", area: "ingress", severity: "critical",
  symptom: "502; all targets are unhealthy with Target.FailedHealthChecks; Argo CD's log says tls: false.",
  look: ({ routes }) => (routes?.balancers ?? []).flatMap(({ rules }) => rules).flatMap(({ ingress, protocol, targets, nodes, service }) =>
    protocol === "HTTPS" && targets.asked > 0 && targets.healthy === 0 && nodes.some(({ reason }) => reason.includes("Target.FailedHealthChecks")) ? [{ subject: { kind: "ingress" as const, key: ingress }, say: `None of ${targets.asked} targets of ${service.key} is healthy, and the load balancer speaks HTTPS to them.` }] : []),
  cause: "backend-protocol is HTTPS, and the server behind answers plain HTTP.",
  fix: [
    { say: "Set backend-protocol HTTP and the Service's port 80; targets are healthy a minute or two later.", command: "kubectl -n argocd annotate ingress argocd-ingress alb.ingress.kubernetes.io/backend-protocol=HTTP --overwrite" },
    { say: "See the targets.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-31",
};
