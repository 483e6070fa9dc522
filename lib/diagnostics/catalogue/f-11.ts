// F-11: the container runtime does not run.
import { openJob } from "../buttons";
import type { Failure } from "../failure";

export const f11: Failure = {
  id: "F-11", title: "The container runtime does not run", area: "runtime", severity: "critical",
  symptom: "kubeadm's preflight says: container runtime is not running.",
  says: [/container runtime is not running/],
  means: ({ text }) => !/unknown service runtime/.test(text),
  cause: "containerd is stopped, or its configuration cannot be read.",
  fix: [
    { say: "Look why and start it again.", command: "systemctl status containerd; systemctl restart containerd" },
    { say: "Retry the step.", button: openJob },
  ],
  source: "domain.md 4.7, F-11",
};
