"use client";
// The add-ons of a cluster: what each is for, where it runs, and what it takes along.
import { Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { addOns } from "@/lib/provisioning/add-ons";
import { addOnNeeds } from "@/lib/provisioning/blueprint";
import { fieldNotes } from "@/lib/provisioning/field-notes";
import type { AddOnName } from "@/lib/provisioning/model";
import { TierBadge } from "../../placement/tier-badge";
import { sourcesQuery } from "../queries";
import type { SourceLine } from "../wire";
import { faultOf, type Form } from "./draft";
import { Note, TextField } from "./field";
import css from "./wizard.module.css";

const groups = [["storage", "Storage"], ["metrics", "Metrics"], ["ingress", "Ingress"], ["delivery", "Delivery"], ["data", "Data"]] as const;

/** What is chosen comes with what it needs; what is dropped takes along what needs it. */
export function withAddOn(chosen: readonly AddOnName[], name: AddOnName, on: boolean): AddOnName[] {
  if (on) return [...new Set([...chosen, ...(addOnNeeds[name] ?? []), name])];
  return chosen.filter((each) => each !== name && !(addOnNeeds[each] ?? []).includes(name));
}

export function AddOnsStep({ form }: { form: Form }) {
  const { draft, change, faults, disabled } = form;
  const { chosen } = draft.addOns;
  return (
    <>
      <section className={css.section} aria-label="Add-ons">
        <h2>Add-ons</h2>
        <Note of="addOns.chosen" />
        {faultOf(faults, "addOns.chosen", true) && <p className={css.wrong} role="alert">{faultOf(faults, "addOns.chosen", true)}</p>}
        {groups.map(([group, title]) => (
          <fieldset key={group} className={css.group}>
            <legend>{title}</legend>
            {addOns.filter((addOn) => addOn.group === group).map(({ name, title: label, say, tier, volumesGib }) => (
              <div key={name} className={css.addOn}>
                <Checkbox size="xs" label={label} description={say} checked={chosen.includes(name)} disabled={disabled} onChange={(event) => change({ ...draft, addOns: { ...draft.addOns, chosen: withAddOn(chosen, name, event.currentTarget.checked) } })} />
                <span className={css.addOnFacts}>{tier !== null && <TierBadge tier={tier} />}{volumesGib.length > 0 && <span>{volumesGib.join(" + ")} GiB</span>}{(addOnNeeds[name] ?? []).length > 0 && <span>needs {(addOnNeeds[name] ?? []).join(", ")}</span>}</span>
              </div>
            ))}
          </fieldset>
        ))}
      </section>
      <section className={css.section} aria-label="Sources">
        <h2>Network between pods and sources</h2>
        <div className={css.fields}>
          <div><p className={css.fixed}>{fieldNotes.cni.label}: Calico, VXLAN</p><Note of="cni" /></div>
          <TextField form={form} field="addOns.mirror" of="addOns.mirror" value={draft.addOns.mirror} set={(mirror) => change({ ...draft, addOns: { ...draft.addOns, mirror } })} />
        </div>
        <Sources chosen={chosen} mirror={draft.addOns.mirror} />
      </section>
    </>
  );
}

/** What each is pinned to: its version, and the digest of its manifest, or that nobody knows it yet. */
function Sources({ chosen, mirror }: { chosen: readonly AddOnName[]; mirror: string }) {
  const { data } = useQuery(sourcesQuery);
  const shown = (data?.sources ?? []).filter(({ name }) => name === "calico" || chosen.some((each) => each === name));
  const mirrored = mirror !== "" || (data?.mirror ?? "") !== "";
  if (shown.length === 0) return null;
  return (
    <details className={css.meanings}>
      <summary>Versions and digests of {shown.length} sources</summary>
      <dl>{shown.map((source) => <div key={source.name}><dt>{source.name}</dt><dd>{source.version}, {source.from}. {sayDigest(source, mirrored)}</dd></div>)}</dl>
    </details>
  );
}

function sayDigest({ via, digest }: SourceLine, mirrored: boolean): string {
  if (via === "argo-cd") return "A chart: Argo CD fetches this version from its repository.";
  if (mirrored) return "Held to the mirror's list of SHA-256 digests.";
  if (digest === null) return "Its SHA-256 is not known to this console: the first one it meets is kept, and every other refused.";
  return `SHA-256 ${digest.sha256.slice(0, 16)}…${digest.since === null ? "" : `, kept since ${new Date(digest.since).toISOString().slice(0, 10)}`}; anything else is refused.`;
}
