// F-05: a template or playbook does not parse.
import type { Failure } from "../failure";

export const f05: Failure = {
  id: "F-05", title: "A template or playbook does not parse", area: "access", severity: "critical",
  symptom: "Duplicate map key, mapping values are not allowed, or lookup('pipe') with a path that is not there.",
  says: [/mapping values are not allowed/, /[Dd]uplicate(d)? (map )?key/, /lookup\('pipe'/],
  cause: "A key stands twice, a colon in a name is not quoted, or a path is relative.",
  fix: [{ say: "Remove the second key, quote the name, and give values by -e instead of lookup('pipe')." }],
  source: "domain.md 4.7, F-05",
};
