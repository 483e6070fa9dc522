// F-35: an Ingress was applied before its namespace.
import { openJob } from "../buttons";
import { fromJob, type Failure } from "../failure";

export const f35: Failure = {
  id: "F-35", title: "An Ingress was applied before its namespace", area: "ingress", severity: "warning",
  symptom: "Applying the Ingress says: namespaces not found.",
  says: [/namespaces "[^"]+" not found/],
  means: fromJob,
  cause: "The namespace is made by what is installed later.",
  fix: [{ say: "Apply it after the application.", button: openJob }],
  source: "domain.md 4.7, F-35",
};
