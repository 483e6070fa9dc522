// F-26: a script of bash runs under sh.
import { fromJob, type Failure } from "../failure";

export const f26: Failure = {
  id: "F-26", title: "A script of bash runs under sh", area: "access", severity: "warning",
  symptom: "A loop runs once, over the word {1..30}.",
  says: [/\{1\.\.\d+\}/],
  means: fromJob,
  cause: "Brace expansion is bash's; the runner's sh takes it as text.",
  fix: [{ say: "Name bash in the script's first line, or count with seq." }],
  source: "domain.md 4.7, F-26",
};
