"use client";
// Maintenance windows: what is planned, planning one, cancelling one.
import { Button, Modal, MultiSelect, Textarea, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { EntryForm } from "../../access/entry";
import { nothing, useAct } from "../../access/use-act";
import { When } from "../../access/when";
import css from "../../access/access.module.css";
import { Panel } from "../../ui/panel";
import { StatePicture } from "../../ui/state-picture";
import { officeReads, officeUrl, type Office } from "./queries";

export function MaintenancePanel({ cluster, office, may }: { cluster: string; office: Office; may: boolean }) {
  const [planning, dialog] = useDisclosure(false);
  const cancel = useAct(nothing, { reads: officeReads });
  return (
    <Panel title="Maintenance" aside={may && <Button size="compact-sm" variant="default" onClick={dialog.open}>Plan maintenance</Button>}>
      {office.maintenance.length === 0 ? <StatePicture kind="empty" title="Nothing planned" say="While a window runs, its services are in maintenance, which counts neither as up nor as down." /> : (
        <div className={css.scroll} role="region" aria-label="Maintenance" tabIndex={0}>
          <table className={css.table}>
            <thead><tr><th>From</th><th>To</th><th>What</th><th>Services</th><th>Acts</th></tr></thead>
            <tbody>
              {office.maintenance.map(({ id, title, startsAt, endsAt, services }) => (
                <tr key={id}>
                  <td className={css.mono}><When at={startsAt} /></td>
                  <td className={css.mono}><When at={endsAt} /></td>
                  <td className={css.wrap}>{title}</td>
                  <td className={css.wrap}>{services.join(", ") || "none named"}</td>
                  <td>{may && <Button size="compact-xs" variant="default" aria-label={`Cancel ${title}`} onClick={() => cancel.mutate({ url: `${officeUrl(cluster)}/maintenance/${id}/cancel`, done: "The window is cancelled." })}>Cancel</Button>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {planning && <PlanMaintenance cluster={cluster} office={office} onClose={dialog.close} />}
    </Panel>
  );
}

function PlanMaintenance({ cluster, office, onClose }: { cluster: string; office: Office; onClose: () => void }) {
  const [on, setOn] = useState<string[]>([]);
  const plan = useAct(nothing, { reads: officeReads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title="Plan maintenance" size="lg">
      <EntryForm error={plan.error?.message ?? null} onSubmit={({ title, body, from = "", to = "" }) => plan.mutate({ url: `${officeUrl(cluster)}/maintenance`, body: { title, body, services: on, startsAt: Date.parse(from), endsAt: Date.parse(to) }, done: "The window is on the page within seconds." })}>
        <TextInput name="title" label="What is done" maxLength={120} required data-autofocus />
        <TextInput name="from" type="datetime-local" label="From" required />
        <TextInput name="to" type="datetime-local" label="To" required />
        <MultiSelect label="Services that it touches" data={office.services.map(({ id }) => id)} value={on} onChange={setOn} searchable />
        <Textarea name="body" label="What users will notice" autosize minRows={2} />
        <Button type="submit" loading={plan.isPending}>Plan it</Button>
      </EntryForm>
    </Modal>
  );
}
