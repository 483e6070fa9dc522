// In which step of the wizard a field of the blueprint stands.
import type { WizardStep } from "./wizard-bar";

export function stepOfField(field: string): WizardStep {
  if (/^(name|region|kubernetesVersion|tiers)(\.|$)/.test(field)) return "shape";
  return /^(addOns|cni)(\.|$)/.test(field) ? "add-ons" : "network";
}
