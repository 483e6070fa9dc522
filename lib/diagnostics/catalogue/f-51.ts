// F-51: an image of Bitnami is not there any more.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";
import { cannotPull } from "../pull";

export const f51: Failure = {
  id: "F-51", title: "An image of Bitnami is not there any more", area: "components", severity: "critical",
  symptom: "Failed to pull bitnami/…: not found.",
  says: [/bitnami\/\S+[\s\S]*not found/],
  look: ({ unwell }) => unwell.flatMap((pod) => {
    const image = pod.spec.containers.find((one) => /(^|\/)bitnami\//.test(one.image))?.image;
    return image && cannotPull(pod) ? [{ subject: podSubject(pod), say: `${image} cannot be pulled.` }] : [];
  }),
  cause: "Bitnami took its free images away on 28 August 2025.",
  fix: [
    { say: "Use the official image, or the operator with its own." },
    { say: "See the pod.", button: openPod },
  ],
  source: "domain.md 4.7, F-51",
};
