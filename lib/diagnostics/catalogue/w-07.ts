// W-07: more is asked for than a tier has.
import { openWhatIf } from "../buttons";
import type { Failure } from "../failure";

export const w07: Failure = {
  id: "W-07", title: "More is asked for than a tier has", area: "control plane", severity: "warning", general: true,
  symptom: "Pods are Pending: Insufficient cpu, memory or pod slots.",
  says: [/\d+ (Insufficient (cpu|memory|ephemeral-storage)|Too many pods)/],
  cause: "The requests of a tier are larger than what its machines can give.",
  fix: [{ say: "Ask what would fit, or what a machine more would bring.", button: openWhatIf }],
  source: "domain.md 13, placement capacity check",
};
