// F-10: containerd's CRI plugin is switched off.
import type { Failure } from "../failure";

export const f10: Failure = {
  id: "F-10", title: "containerd's CRI plugin is switched off", area: "runtime", severity: "critical",
  symptom: "unknown service runtime.v1.RuntimeService.",
  says: [/unknown service runtime\.v1(alpha2)?\.RuntimeService/],
  cause: "The packaged configuration of containerd disables the plugin that kubelets speak to.",
  fix: [{ say: "Write the default configuration anew with SystemdCgroup on, and restart.", command: "containerd config default | sed 's/SystemdCgroup = false/SystemdCgroup = true/' > /etc/containerd/config.toml && systemctl restart containerd" }],
  source: "domain.md 4.7, F-10",
};
