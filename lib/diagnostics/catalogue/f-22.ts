// F-22: leftovers of an earlier network keep Calico from starting.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";

export const f22: Failure = {
  id: "F-22", title: "Leftovers of an earlier network keep Calico from starting", area: "network", severity: "critical",
  symptom: "calico-node is in Init:CrashLoopBackOff after a rebuild.",
  look: ({ unwell, said }) => unwell.flatMap((pod) => {
    if (!pod.name.startsWith("calico-node-") || !pod.initContainers?.some(({ reason }) => reason === "CrashLoopBackOff")) return [];
    const explained = said.some(({ subject, text }) => subject.key === podSubject(pod).key && /:443: i\/o timeout/.test(text));
    return explained ? [] : [{ subject: podSubject(pod), say: `An init container of ${pod.name} on ${pod.nodeName} crashes again and again.` }];
  }),
  cause: "/etc/cni/net.d or /var/lib/cni hold files of the cluster before.",
  fix: [
    { say: "Clean both directories on the machine and delete the pod.", command: "rm -rf /etc/cni/net.d/* /var/lib/cni/*" },
    { say: "Delete the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-22",
};
