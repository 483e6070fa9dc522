// F-39: ingresses wait for a controller that is gone.
import type { Failure } from "../failure";

const patienceMs = 120_000;

export const f39: Failure = {
  id: "F-39", title: "Ingresses wait for a controller that is gone", area: "teardown", severity: "critical",
  symptom: "An Ingress is being deleted and does not go; its load balancer stays and costs money.",
  look: ({ picture, now }) => {
    const served = [...picture.store("Deployment").values()].some(({ name, readyReplicas }) => name.includes("aws-load-balancer-controller") && readyReplicas > 0);
    if (served) return [];
    return [...picture.store("Ingress").values()].flatMap(({ namespace, name, deletedAt }) => (deletedAt !== null && now - deletedAt > patienceMs ? [{ subject: { kind: "ingress" as const, key: `${namespace}/${name}` }, say: "It is being deleted, and no load balancer controller runs.", since: deletedAt }] : []));
  },
  cause: "The controller was removed before its Ingresses; nobody takes the finalizer off.",
  fix: [
    { say: "Install the controller again and let it finish; then remove it." },
    { say: "Only when the load balancer is gone from AWS: take the finalizer off by hand.", command: "kubectl -n <namespace> patch ingress <ingress> --type merge -p '{\"metadata\":{\"finalizers\":null}}'" },
  ],
  source: "domain.md 4.7, F-39",
};
