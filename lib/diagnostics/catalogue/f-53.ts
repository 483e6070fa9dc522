// F-53: a secret lacks the key default_user.conf.
import { openPod } from "../buttons";
import type { Failure } from "../failure";

export const f53: Failure = {
  id: "F-53", title: "A secret lacks the key default_user.conf", area: "components", severity: "critical",
  symptom: "FailedMount: references non-existent secret key: default_user.conf.",
  says: [/references non-existent secret key/],
  cause: "The operator mounts the key, and the secret was made by hand without it.",
  fix: [
    { say: "Add default_user.conf to the secret.", command: "kubectl -n messaging create secret generic rabbitmq-default-user --from-literal=username=<user> --from-file=password --from-file=default_user.conf --dry-run=client -o yaml | kubectl apply -f -" },
    { say: "See the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-53",
};
