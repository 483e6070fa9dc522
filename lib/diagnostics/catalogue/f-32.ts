// F-32: Argo CD redirects for ever behind the load balancer.
import type { Failure } from "../failure";

export const f32: Failure = {
  id: "F-32", title: "Argo CD redirects for ever behind the load balancer", area: "ingress", severity: "warning",
  symptom: "Too many redirects (307) at /argocd.",
  says: [/ERR_TOO_MANY_REDIRECTS/, /stopped after 10 redirects/],
  look: ({ routes }) => (routes?.balancers ?? []).flatMap(({ rules }) => rules).flatMap(({ ingress, service, nodes }) =>
    service.key.endsWith("/argocd-server") && nodes.some(({ reason }) => /\b30[278]\b/.test(reason)) ? [{ subject: { kind: "ingress" as const, key: ingress }, say: `The health check of ${service.key} is answered with a redirect.` }] : []),
  cause: "argocd-server redirects to HTTPS, which ended at the load balancer already.",
  fix: [{ say: "Let it serve plain HTTP and say its root path, then restart it.", command: "kubectl -n argocd patch configmap argocd-cmd-params-cm --type merge -p '{\"data\":{\"server.insecure\":\"true\",\"server.rootpath\":\"/argocd\"}}' && kubectl -n argocd rollout restart deployment argocd-server" }],
  source: "domain.md 4.7, F-32",
};
