// F-58: an image of GHCR is private.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";
import { cannotPull } from "../pull";

export const f58: Failure = {
  id: "F-58", title: "An image of GHCR is private", area: "components", severity: "critical",
  symptom: "ImagePullBackOff of an image of ghcr.io: 401, 403 or denied.",
  says: [/ghcr\.io\/[\s\S]*(\b401\b|\b403\b|unauthorized|denied)/i],
  look: ({ unwell, said }) => unwell.flatMap((pod) => {
    const image = pod.spec.containers.find((one) => one.image.startsWith("ghcr.io/"))?.image;
    if (image === undefined || !cannotPull(pod)) return [];
    const missing = said.some(({ subject, text }) => subject.key === podSubject(pod).key && /not found/.test(text));
    return missing ? [] : [{ subject: podSubject(pod), say: `${image} cannot be pulled.` }];
  }),
  cause: "The package is private and the pod has no pull secret with read:packages.",
  fix: [
    { say: "Make a pull secret and name it in the service account.", command: "kubectl -n <namespace> create secret docker-registry ghcr --docker-server=ghcr.io --docker-username=<user> --docker-password=<token>" },
    { say: "See the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-58",
};
