// The steps of building a cluster, each with what was chosen; finished ones are links back, so that there is no other way back.
import Link from "next/link";
import { IconCheck } from "@tabler/icons-react";
import type { Blueprint } from "@/lib/provisioning/model";
import { machinesOf } from "@/lib/provisioning/machines";
import css from "./wizard-bar.module.css";

export const wizardSteps = ["preset", "shape", "network", "add-ons", "review"] as const;
export type WizardStep = (typeof wizardSteps)[number];
const titles: Record<WizardStep, string> = { "preset": "Preset", "shape": "Shape", "network": "Network & access", "add-ons": "Add-ons", "review": "Review" };

interface BarProps { title: string; current: WizardStep; chosen: Partial<Record<WizardStep, string>>; href: (step: WizardStep) => string | null }

export function WizardBar({ title, current, chosen, href }: BarProps) {
  const at = wizardSteps.indexOf(current);
  return (
    <header className={css.bar}>
      <h1 className={css.title}>{title}<span className={css.where}>{at + 1} of {wizardSteps.length} <b>{titles[current]}</b></span></h1>
      <ol className={css.steps} aria-label="Steps">
        {wizardSteps.map((step, index) => {
          const to = href(step);
          const inside = (
            <>
              <span className={css.name}>{index < at ? <IconCheck size={13} className={css.check} aria-label="done" /> : <span className={css.number}>{index + 1}</span>}{titles[step]}</span>
              <span className={css.value}>{chosen[step] ?? "–"}</span>
            </>
          );
          return (
            <li key={step} className={css.step} data-current={step === current || undefined} data-done={index < at || undefined} data-wide={step === "network" || undefined}>
              {to !== null && step !== current ? <Link href={to} className={css.cell}>{inside}</Link> : <span className={css.cell} aria-current={step === current ? "step" : undefined}>{inside}</span>}
            </li>
          );
        })}
      </ol>
    </header>
  );
}

/** What each step says once it is done. */
export function chosenOf(blueprint: Blueprint, preset: string): Partial<Record<WizardStep, string>> {
  const machines = machinesOf(blueprint);
  const tiers = new Set(machines.map(({ tier }) => tier)).size;
  return {
    "preset": preset,
    "shape": `${machines.length} ${machines.length === 1 ? "machine" : "machines"}, ${tiers} ${tiers === 1 ? "tier" : "tiers"}`,
    "network": `${blueprint.region}, ${blueprint.network.subnets.length} ${blueprint.network.subnets.length === 1 ? "zone" : "zones"}`,
    "add-ons": `${blueprint.addOns.chosen.length} of 10 chosen`,
    "review": `${blueprint.name}, v${blueprint.kubernetesVersion}`,
  };
}
