// F-33: Grafana does not know that it stands under a path.
import type { Failure } from "../failure";

export const f33: Failure = {
  id: "F-33", title: "Grafana does not know that it stands under a path", area: "ingress", severity: "warning",
  symptom: "Grafana's page is empty under /grafana; its assets are 404.",
  says: [/path=\/grafana\/\S* [\s\S]*status=404/, /Grafana has failed to load its application files/],
  look: ({ routes }) => (routes?.balancers ?? []).flatMap(({ rules }) => rules).flatMap(({ ingress, path, service, nodes }) =>
    /grafana/.test(service.key) && path !== "/" && nodes.some(({ reason }) => /\b404\b/.test(reason)) ? [{ subject: { kind: "ingress" as const, key: ingress }, say: `Grafana answers 404 under ${path}.` }] : []),
  cause: "root_url and serve_from_sub_path are not set.",
  fix: [{ say: "Set grafana.ini: server.root_url https://<host>/grafana and server.serve_from_sub_path true, by the chart's values." }],
  source: "domain.md 4.7, F-33",
};
