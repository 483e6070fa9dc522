// Whether a pod waits for an image that its node cannot get.
import type { PodObject } from "../adapters/kubernetes/objects";

const reasons = new Set(["ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull"]);

export const cannotPull = ({ containers, initContainers = [] }: PodObject): boolean => [...containers, ...initContainers].some(({ state, reason }) => state === "waiting" && reasons.has(reason));
