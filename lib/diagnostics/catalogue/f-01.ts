// F-01: two security groups refer to each other inline.
import { openBuild } from "../buttons";
import type { Failure } from "../failure";

export const f01: Failure = {
  id: "F-01", title: "Two security groups refer to each other inline", area: "access", severity: "critical",
  symptom: "terraform plan says Cycle: and names two security groups.",
  says: [/\bCycle: .*security_group/],
  cause: "The rules of both groups stand inside the groups, each naming the other.",
  fix: [{ say: "Take the crossing rules out of the groups into rule resources of their own; a blueprint of the console renders them so.", button: openBuild }],
  source: "domain.md 4.7, F-01",
};
