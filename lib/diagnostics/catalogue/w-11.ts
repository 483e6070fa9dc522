// W-11: an image cannot be pulled.
import { openPod } from "../buttons";
import { podSubject } from "../facts";
import type { Failure } from "../failure";
import { cannotPull } from "../pull";

export const w11: Failure = {
  id: "W-11", title: "An image cannot be pulled", area: "components", severity: "critical", general: true,
  symptom: "ImagePullBackOff or ErrImagePull.",
  look: ({ unwell }) => unwell.flatMap((pod) => (cannotPull(pod) ? [{ subject: podSubject(pod), say: `${pod.spec.containers.map(({ image }) => image).join(", ")}: ${pod.containers.find(({ state }) => state === "waiting")?.reason ?? "cannot be pulled"}.` }] : [])),
  cause: "The name or tag does not exist, or the registry does not let the node in.",
  fix: [
    { say: "Read the events for the registry's own words.", button: openPod },
    { say: "Correct the image, or roll back." },
  ],
  source: "domain.md 4.7, F-51 and F-58 in general",
};
