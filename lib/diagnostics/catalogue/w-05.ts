// W-05: a certificate of the cluster ends soon.
import { clusterSubject } from "../facts";
import type { Failure } from "../failure";

const dayMs = 86_400_000;

export const w05: Failure = {
  id: "W-05", title: "A certificate of the cluster ends soon", area: "control plane", severity: "critical",
  symptom: "The API server's certificate, or the kubeconfig's, ends within thirty days.",
  look: ({ certificates, now }) => certificates.flatMap(({ name, endsAt }) => (endsAt - now < 30 * dayMs ? [{ subject: clusterSubject, say: `${name} ${endsAt < now ? "has ended on" : "ends on"} ${new Date(endsAt).toISOString().slice(0, 10)}.` }] : [])),
  cause: "kubeadm's certificates live a year and are renewed by an upgrade or by hand.",
  fix: [{ say: "Renew them and restart the control plane's static pods.", command: "kubeadm certs renew all" }],
  source: "domain.md 6.4 and 10",
};
