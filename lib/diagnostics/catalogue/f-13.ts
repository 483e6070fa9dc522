// F-13: crictl does not know where the runtime is.
import type { Failure } from "../failure";

export const f13: Failure = {
  id: "F-13", title: "crictl does not know where the runtime is", area: "runtime", severity: "info",
  symptom: "crictl says: runtime connect using default endpoints.",
  says: [/runtime connect using default endpoints/, /unable to determine runtime API version/],
  cause: "There is no /etc/crictl.yaml.",
  fix: [{ say: "Name the endpoint once.", command: "printf 'runtime-endpoint: unix:///run/containerd/containerd.sock\\nimage-endpoint: unix:///run/containerd/containerd.sock\\n' > /etc/crictl.yaml" }],
  source: "domain.md 4.7, F-13",
};
