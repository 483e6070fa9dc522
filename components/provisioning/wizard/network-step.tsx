"use client";
// Network and access: ranges, subnets, who may reach the API server, the way in from the internet.
import { Button, Checkbox, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { isWorld } from "@/lib/base/cidr";
import { fieldNotes } from "@/lib/provisioning/field-notes";
import { fromLines, linesToMap, mapToLines, toLines } from "@/lib/provisioning/lines";
import { faultOf, type Form } from "./draft";
import { LinesField, Note, TextField } from "./field";
import css from "./wizard.module.css";

export function NetworkStep({ form, ownAddress }: { form: Form; ownAddress: string | null }) {
  const { draft, change } = form;
  const { network, access, ingress } = draft;
  const range = (key: "vpcCidr" | "podCidr" | "serviceCidr") => <TextField form={form} field={`network.${key}`} of={`network.${key}`} value={network[key]} set={(value) => change({ ...draft, network: { ...network, [key]: value } })} />;
  return (
    <>
      <section className={css.section} aria-label="Network"><h2>Network</h2><div className={css.fields}>{range("vpcCidr")}{range("podCidr")}{range("serviceCidr")}</div><Subnets form={form} /></section>
      <section className={css.section} aria-label="Access">
        <h2>Access</h2>
        <div className={css.fields}>
          <div>
            <LinesField key={access.adminCidrs.join().length === 0 ? "empty" : "some"} form={form} field="access.adminCidrs" of="access.adminCidrs" value={access.adminCidrs} toText={toLines} fromText={fromLines} set={(adminCidrs) => change({ ...draft, access: { ...access, adminCidrs } })} />
            {ownAddress !== null && !access.adminCidrs.includes(`${ownAddress}/32`) && <Button mt={6} size="compact-xs" variant="default" disabled={form.disabled} onClick={() => change({ ...draft, access: { ...access, adminCidrs: [...access.adminCidrs, `${ownAddress}/32`] } })}>Add this console, {ownAddress}/32</Button>}
          </div>
          <TextField form={form} field="access.publicKey" of="access.publicKey" value={access.publicKey} set={(publicKey) => change({ ...draft, access: { ...access, publicKey: publicKey.trim() } })} />
          <div className={css.checks}>
            <Checkbox size="xs" label={fieldNotes["access.ssh"].label} description={<Note of="access.ssh" />} checked={access.ssh} disabled={form.disabled} onChange={(event) => change({ ...draft, access: { ...access, ssh: event.currentTarget.checked } })} />
            {(access.adminCidrs.some(isWorld) || access.openToWorld) && <Checkbox size="xs" label="Yes, open to the whole internet" description={<Note of="access.openToWorld" />} checked={access.openToWorld} disabled={form.disabled} onChange={(event) => change({ ...draft, access: { ...access, openToWorld: event.currentTarget.checked } })} />}
          </div>
        </div>
      </section>
      <section className={css.section} aria-label="Ingress and tags">
        <h2>Ingress and tags</h2>
        <div className={css.fields}>
          <TextField form={form} field="ingress.domain" of="ingress.domain" value={ingress.domain} set={(domain) => change({ ...draft, ingress: { ...ingress, domain } })} />
          <TextField form={form} field="ingress.certificateArn" of="ingress.certificateArn" value={ingress.certificateArn} set={(certificateArn) => change({ ...draft, ingress: { ...ingress, certificateArn } })} />
          <LinesField form={form} field="tags" of="tags" value={draft.tags} toText={mapToLines} fromText={linesToMap} set={(tags) => change({ ...draft, tags })} />
        </div>
      </section>
    </>
  );
}

function Subnets({ form: { draft, change, faults, disabled, focus } }: { form: Form }) {
  const { network, region } = draft;
  const put = (subnets: typeof network.subnets): void => change({ ...draft, network: { ...network, subnets } });
  const set = (at: number, part: Partial<(typeof network.subnets)[number]>): void => put(network.subnets.map((subnet, index) => (index === at ? { ...subnet, ...part } : subnet)));
  const next = `${region}${"abcdef"[network.subnets.length] ?? "a"}`;
  return (
    <fieldset className={css.subnets}>
      <legend>{fieldNotes["network.subnets"].label}</legend>
      <Note of="network.subnets" />
      {network.subnets.map(({ zone, cidr }, at) => (
        <div key={at} className={css.subnet}>
          <TextInput size="xs" aria-label={`Zone of subnet ${at + 1}`} value={zone} disabled={disabled} error={faultOf(faults, `network.subnets.${at}.zone`)} autoFocus={focus === "network.subnets" && at === 0} onChange={(event) => set(at, { zone: event.currentTarget.value })} />
          <TextInput size="xs" aria-label={`Range of subnet ${at + 1}`} value={cidr} disabled={disabled} error={faultOf(faults, `network.subnets.${at}.cidr`)} onChange={(event) => set(at, { cidr: event.currentTarget.value })} />
          <Button size="compact-xs" variant="subtle" color="gray" aria-label={`Remove subnet ${at + 1}`} disabled={disabled || network.subnets.length === 1} onClick={() => put(network.subnets.filter((_, index) => index !== at))}><IconTrash size={14} /></Button>
        </div>
      ))}
      <Button size="compact-xs" variant="default" leftSection={<IconPlus size={12} />} disabled={disabled || network.subnets.length >= 6} onClick={() => put([...network.subnets, { zone: next, cidr: "" }])}>Subnet</Button>
    </fieldset>
  );
}
