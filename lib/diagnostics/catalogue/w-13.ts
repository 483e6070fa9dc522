// W-13: a container was killed for its memory.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";

export const w13: Failure = {
  id: "W-13", title: "A container was killed for its memory", area: "components", severity: "warning",
  symptom: "OOMKilled.",
  look: ({ unwell }) => unwell.flatMap((pod) => {
    const killed = pod.containers.find(({ lastReason, reason }) => lastReason === "OOMKilled" || reason === "OOMKilled");
    return killed ? [{ subject: podSubject(pod), say: `${killed.name} was killed for its memory; it was started ${killed.restarts} times over.` }] : [];
  }),
  cause: "It took more memory than its limit, or the machine had none left.",
  fix: [{ say: "Raise the limit or lower the application's own maximum.", button: openPod }],
  source: "domain.md 11, OOMKilled",
};
