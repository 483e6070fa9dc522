// F-52: a RabbitmqCluster has a field that its version does not know.
import type { Failure } from "../failure";

export const f52: Failure = {
  id: "F-52", title: "A RabbitmqCluster has a field that its version does not know", area: "components", severity: "critical",
  symptom: "unknown field \"spec.defaultUser\".",
  says: [/unknown field "?spec\.defaultUser/],
  cause: "The operator's schema is another than the manifest was written for.",
  fix: [{ say: "Leave the field out and give name and password by the secret rabbitmq-default-user." }],
  source: "domain.md 4.7, F-52",
};
