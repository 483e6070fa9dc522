// F-56: a pipe was given to Ansible's command module.
import type { Failure } from "../failure";

export const f56: Failure = {
  id: "F-56", title: "A pipe was given to Ansible's command module", area: "access", severity: "warning",
  symptom: "unknown shorthand flag: 'f' in -f.",
  says: [/unknown shorthand flag: 'f' in -f/],
  cause: "The module command runs no shell, so the pipe and what follows become arguments.",
  fix: [{ say: "Use the module shell." }],
  source: "domain.md 4.7, F-56",
};
