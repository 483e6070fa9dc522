// F-12: the sandbox image of containerd is another than kubeadm's.
import type { Failure } from "../failure";

export const f12: Failure = {
  id: "F-12", title: "The sandbox image of containerd is another than kubeadm's", area: "runtime", severity: "info",
  symptom: "A warning about pause:3.8 and pause:3.9.",
  says: [/sandbox image \S*pause:[\d.]+\S* of the container runtime is inconsistent/],
  cause: "containerd brings its own default for the sandbox image.",
  fix: [{ say: "Set sandbox_image (containerd 1) or sandbox (containerd 2) to the version that kubeadm names, and restart containerd." }],
  source: "domain.md 4.7, F-12",
};
