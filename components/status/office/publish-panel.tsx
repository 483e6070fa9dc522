"use client";
// What is published: whether, for whom, under which title, which services and under which names.
import { Button, Checkbox, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useState } from "react";
import { nothing, useAct } from "../../access/use-act";
import css from "../../access/access.module.css";
import { Panel } from "../../ui/panel";
import { officeReads, officeUrl, type Office } from "./queries";

export function PublishPanel({ cluster, office, may }: { cluster: string; office: Office; may: boolean }) {
  const [draft, setDraft] = useState(office.settings);
  const save = useAct(nothing, { reads: officeReads });
  const shown = new Map(draft.services.map((one) => [one.service, one]));
  const change = (service: string, more: { title?: string; hidden?: boolean }) => {
    const next = { service, title: "", hidden: false, ...shown.get(service), ...more };
    setDraft({ ...draft, services: [...draft.services.filter((one) => one.service !== service), ...(next.title !== "" || next.hidden ? [next] : [])] });
  };
  return (
    <Panel title="What is published" aside={may && <Button size="compact-sm" disabled={JSON.stringify(draft) === JSON.stringify(office.settings)} loading={save.isPending} onClick={() => save.mutate({ url: officeUrl(cluster), body: draft, done: draft.published ? "The page is published." : "Nobody sees the page now." })}>Save</Button>} flush={false}>
      <fieldset disabled={!may} className={css.stack} style={{ border: 0, margin: 0, padding: 12 }}>
        <Switch label="The page is published" checked={draft.published} onChange={(event) => setDraft({ ...draft, published: event.currentTarget.checked })} />
        <div className={css.filters}>
          <NativeSelect label="Who may see it" value={draft.audience} data={[{ value: "signed-in", label: "whoever is signed in" }, { value: "public", label: "everybody, without signing in" }]} onChange={(event) => setDraft({ ...draft, audience: event.currentTarget.value === "public" ? "public" : "signed-in" })} />
          <TextInput label="Title" placeholder={cluster} value={draft.title} maxLength={60} onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })} />
        </div>
        <details>
          <summary>{office.services.length} services, {draft.services.filter(({ hidden }) => hidden).length} hidden</summary>
          <div className={css.scroll} role="region" aria-label="Services of the page" tabIndex={0}>
            <table className={css.table}>
              <thead><tr><th>Service</th><th>Tier</th><th>Called</th><th>Shown</th></tr></thead>
              <tbody>
                {office.services.map(({ id, name, tier }) => (
                  <tr key={id}>
                    <td className={css.mono}>{id}</td>
                    <td className={css.mono}>{tier}</td>
                    <td><TextInput size="xs" aria-label={`What ${id} is called`} placeholder={name} value={shown.get(id)?.title ?? ""} maxLength={60} onChange={(event) => change(id, { title: event.currentTarget.value })} /></td>
                    <td><Checkbox aria-label={`${id} is shown`} checked={!shown.get(id)?.hidden} onChange={(event) => change(id, { hidden: !event.currentTarget.checked })} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
        <p className={css.dim}>The page never holds addresses, names of nodes or pods, ids or secrets. Badges: <code>/status/{cluster}/badge/&lt;namespace&gt;/&lt;service&gt;.svg</code></p>
      </fieldset>
    </Panel>
  );
}
