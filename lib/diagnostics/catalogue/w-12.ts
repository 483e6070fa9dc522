// W-12: a container crashes again and again.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";

export const w12: Failure = {
  id: "W-12", title: "A container crashes again and again", area: "components", severity: "warning", general: true,
  symptom: "CrashLoopBackOff.",
  look: ({ unwell }) => unwell.flatMap((pod) => {
    const crashing = [...pod.containers, ...(pod.initContainers ?? [])].find(({ reason }) => reason === "CrashLoopBackOff");
    return crashing ? [{ subject: podSubject(pod), say: `${crashing.name} was started ${crashing.restarts} times over${crashing.exitCode === null ? "" : ` and ended with ${crashing.exitCode}`}.` }] : [];
  }),
  cause: "It ends by itself shortly after each start; its log says why.",
  fix: [{ say: "Read the log of the run before.", button: openPod }],
  source: "domain.md 6.4, PodCrashLooping",
};
