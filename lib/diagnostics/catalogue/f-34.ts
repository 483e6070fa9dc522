// F-34: an Ingress names a Service of another namespace.
import { openRoutes } from "../buttons";
import type { Failure } from "../failure";

export const f34: Failure = {
  id: "F-34", title: "An Ingress names a Service of another namespace", area: "ingress", severity: "critical",
  symptom: "unknown field service.namespace, or a backend that does not exist where the Ingress is.",
  says: [/unknown field \S*service\.namespace/],
  look: ({ routes, picture }) => (routes?.findings ?? []).filter(({ check }) => check === "no-service").flatMap(({ subjects, title }) => {
    const [ingress, service] = subjects;
    const name = service?.key.split("/")[1] ?? "";
    const elsewhere = [...picture.store("Service").values()].find((one) => one.name === name && `${one.namespace}/${one.name}` !== service?.key);
    return ingress && elsewhere ? [{ subject: ingress, say: `${title}; there is one in ${elsewhere.namespace}.` }] : [];
  }),
  cause: "An Ingress reaches only Services of its own namespace.",
  fix: [
    { say: "Write one Ingress for each namespace and join them by group.name." },
    { say: "See the way.", button: openRoutes },
  ],
  source: "domain.md 4.7, F-34",
};
