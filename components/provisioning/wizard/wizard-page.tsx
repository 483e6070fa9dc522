"use client";
// Writing a blueprint step by step: preset, shape, network and access, add-ons; as a form or as YAML; saved on the way to the review.
import { Button, SegmentedControl } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { type ReactNode, useState } from "react";
import { pricesOf } from "@/lib/clusters/prices";
import { checkBlueprint } from "@/lib/provisioning/blueprint";
import { costOf } from "@/lib/provisioning/cost";
import type { Blueprint } from "@/lib/provisioning/model";
import { presetBlueprint, presets as presetList, type PresetName } from "@/lib/provisioning/presets";
import { readYaml, toYaml, type TextFault } from "@/lib/provisioning/yaml";
import { Answer } from "../../live/answer";
import { useMay } from "../../shell/queries";
import { stepOfField } from "../field-step";
import { blueprintQuery, pagePath, presetsQuery, saveBlueprint } from "../queries";
import type { PresetsAnswer } from "../wire";
import { chosenOf, WizardBar, wizardSteps, type WizardStep } from "../wizard-bar";
import { AddOnsStep } from "./add-ons-step";
import { withAllTiers, type Draft, type Form } from "./draft";
import { NetworkStep } from "./network-step";
import { PresetStep } from "./preset-step";
import { ShapeStep } from "./shape-step";
import { FaultList, YamlView } from "./yaml-view";
import css from "./wizard.module.css";

export function NewBlueprint() {
  const query = useQuery(presetsQuery);
  if (query.data) return <Wizard answer={query.data} initial={presetBlueprint("four-node", { name: "", adminCidr: own(query.data) })} over={0} />;
  return <Waiting title="Build a cluster"><Answer query={query} what="the presets">{() => null}</Answer></Waiting>;
}

export function EditBlueprint({ name }: { name: string }) {
  const presets = useQuery(presetsQuery);
  const query = useQuery(blueprintQuery(name));
  if (presets.data && query.data) return <Wizard key={query.data.revision} answer={presets.data} initial={query.data.blueprint} over={query.data.revision} />;
  return <Waiting title={`Change ${name}`}>{query.data ? <Answer query={presets} what="the presets">{() => null}</Answer> : <Answer query={query} what="the blueprint">{() => null}</Answer>}</Waiting>;
}

/** The wizard's frame while there is nothing to write on yet. */
function Waiting({ title, children }: { title: string; children: ReactNode }) {
  return <div className={css.page}><WizardBar title={title} current="preset" chosen={{}} href={() => null} />{children}</div>;
}

const own = ({ consoleAddress }: PresetsAnswer): string => (consoleAddress === null ? "" : `${consoleAddress}/32`);

function Wizard({ answer, initial, over }: { answer: PresetsAnswer; initial: Blueprint; over: number }) {
  const isNew = over === 0;
  const [step, setStep] = useQueryState("step", parseAsStringLiteral(wizardSteps).withDefault(isNew ? "preset" : "shape"));
  const [as, setAs] = useQueryState("as", parseAsString.withDefault("form"));
  const [focus] = useQueryState("field", parseAsString.withDefault(""));
  const [draft, setDraft] = useState<Draft>(() => withAllTiers(initial));
  const [text, setText] = useState(() => toYaml(initial));
  const [preset, setPreset] = useState<PresetName | "">(isNew ? "four-node" : "");
  const may = useMay("provisioning.edit");
  const yaml = as === "yaml";
  const read = yaml ? readYaml(text) : checkBlueprint(draft);
  const faults: readonly TextFault[] = read.ok ? [] : read.faults.map((fault) => ({ line: null, ...fault }));
  const form: Form = { draft, change: setDraft, faults, focus, disabled: !may };
  const show = (next: string): void => {
    if (next === "yaml") setText(toYaml(draft));
    else if (read.ok) setDraft(withAllTiers(read.blueprint));
    else return;
    void setAs(next === "yaml" ? "yaml" : null);
  };
  const choose = (name: PresetName): void => {
    setPreset(name);
    setDraft(withAllTiers(presetBlueprint(name, { name: draft.name, adminCidr: own(answer) })));
  };
  const href = (to: WizardStep): string | null => (to === "review" ? null : `?step=${to}`);
  return (
    <div className={css.page}>
      <WizardBar title={isNew ? "Build a cluster" : `Change ${initial.name}`} current={step} chosen={read.ok ? chosenOf(read.blueprint, titleOf(preset)) : { preset: titleOf(preset) }} href={href} />
      <div className={css.body}>
        {!may && <p className={css.amber}>You may look and not change: that needs the role operator.</p>}
        {step !== "preset" && <SegmentedControl size="xs" className={css.as} value={yaml ? "yaml" : "form"} data={[{ value: "form", label: "Form" }, { value: "yaml", label: "YAML" }]} aria-label="Edit as" onChange={show} />}
        {step === "preset" ? <PresetStep presets={answer.presets} chosen={preset} choose={choose} disabled={!may} /> : yaml ? <YamlView text={text} faults={faults} set={setText} disabled={!may} /> : <StepFields key={preset} step={step} form={form} isNew={isNew} ownAddress={answer.consoleAddress} />}
      </div>
      <Foot step={step} setStep={(next) => void setStep(next)} blueprint={read.ok ? read.blueprint : null} faults={faults} over={over} may={may} yaml={yaml} />
    </div>
  );
}

const titleOf = (preset: PresetName | ""): string => presetList.find(({ name }) => name === preset)?.title ?? "as drawn";

function StepFields({ step, form, isNew, ownAddress }: { step: WizardStep; form: Form; isNew: boolean; ownAddress: string | null }) {
  if (step === "network") return <NetworkStep form={form} ownAddress={ownAddress} />;
  return step === "add-ons" ? <AddOnsStep form={form} /> : <ShapeStep form={form} isNew={isNew} />;
}

interface FootProps { step: WizardStep; setStep: (step: WizardStep) => void; blueprint: Blueprint | null; faults: readonly TextFault[]; over: number; may: boolean; yaml: boolean }

function Foot({ step, setStep, blueprint, faults, over, may, yaml }: FootProps) {
  const router = useRouter();
  const cache = useQueryClient();
  const save = useMutation({
    mutationFn: (sound: Blueprint) => saveBlueprint(sound, over),
    onSuccess: (_, sound) => {
      void cache.invalidateQueries({ queryKey: ["provisioning"] });
      router.push(`${pagePath(sound.name)}/review`);
    },
  });
  const at = wizardSteps.indexOf(step);
  const next = wizardSteps[at + 1] ?? "review";
  const here = faults.filter(({ field }) => yaml || stepOfField(field) === step);
  const elsewhere = [...new Set(faults.filter((fault) => !here.includes(fault)).map(({ field }) => stepOfField(field)))];
  const last = next === "review";
  const cost = blueprint && costOf(blueprint, pricesOf(blueprint.region));
  return (
    <footer className={css.foot}>
      <div className={css.told}>
        {save.error && <p className={css.wrong} role="alert">{save.error.message}</p>}
        {step !== "preset" && !yaml && <FaultList faults={here.slice(0, 4)} />}
        {last && elsewhere.length > 0 && <p className={css.wrong} role="status">Something does not fit yet in {elsewhere.map((each, index) => <span key={each}>{index > 0 && ", "}<button type="button" className={css.link} onClick={() => setStep(each)}>{each}</button></span>)}.</p>}
        {cost && <p className={css.dim}>About ${cost.totalUsd.toFixed(2)} a month{cost.unpriced.length > 0 ? `, without ${cost.unpriced.join(", ")}` : ""}.</p>}
      </div>
      {last || step === "review" ? <Button size="sm" disabled={!blueprint || !may} loading={save.isPending} onClick={() => blueprint && save.mutate(blueprint)}>Save and review</Button> : <Button size="sm" disabled={step !== "preset" && here.length > 0} onClick={() => setStep(next)}>Next</Button>}
    </footer>
  );
}
