// F-14: the join script cannot be executed.
import { fromJob, type Failure } from "../failure";

export const f14: Failure = {
  id: "F-14", title: "The join script cannot be executed", area: "runtime", severity: "critical",
  symptom: "Exec format error, return code 8, when a node joins.",
  says: [/Exec format error/i],
  means: fromJob,
  cause: "The script has no first line that names its shell.",
  fix: [{ say: "Begin it with #!/bin/bash and run it again." }],
  source: "domain.md 4.7, F-14",
};
