// F-04: Terraform was not initialised where it ran.
import type { Failure } from "../failure";

export const f04: Failure = {
  id: "F-04", title: "Terraform was not initialised where it ran", area: "access", severity: "critical",
  symptom: "Backend initialization required.",
  says: [/Backend initialization required/],
  cause: "The command ran outside its directory, or before terraform init.",
  fix: [{ say: "Initialise again in the directory and run it with -chdir.", command: "terraform -chdir=<directory> init" }],
  source: "domain.md 4.7, F-04",
};
