// F-73: a cluster is taken down twice.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

const openStatuses = new Set(["RUNNING", "RETRY_WAIT", "NEEDS_ATTENTION", "CANCELLING"]);

export const f73: Failure = {
  id: "F-73", title: "A cluster is taken down twice", area: "teardown", severity: "warning",
  symptom: "Two teardowns of one cluster at a time, or Terraform cannot acquire the state lock.",
  says: [/Error acquiring the state lock/],
  look: ({ jobs }) => {
    const open = jobs.filter(({ kind, status }) => /teardown/.test(kind) && openStatuses.has(status));
    return [...Map.groupBy(open, ({ cluster }) => cluster).values()].flatMap((same) => same.slice(1).map(({ id, at, cluster }) => ({ subject: { kind: "job" as const, key: id }, say: `${same.length} teardowns of ${cluster} are open.`, since: at })));
  },
  cause: "A script called the clean-up, which destroys, and then destroy itself.",
  fix: [{ say: "Let one run to its end and cancel the other.", button: openJob }],
  source: "domain.md 4.7, F-73",
};
