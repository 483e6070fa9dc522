"use client";
// The dialogs of an incident's life: opening it, telling how it goes, resolving it, and what was learned.
import { Button, Modal, MultiSelect, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { impacts } from "@/lib/status/model";
import { EntryForm } from "../../access/entry";
import { nothing, useAct } from "../../access/use-act";
import { officeReads, officeUrl, type Office, type OfficeIncident } from "./queries";

interface Props { cluster: string; onClose: () => void }

export function OpenIncident({ cluster, services, from, onClose }: Props & { services: Office["services"]; from: OfficeIncident | null }) {
  const [on, setOn] = useState<string[]>(from?.services ?? []);
  const dismiss = useAct(nothing, { reads: officeReads, quiet: true });
  const open = useAct(z.object({ id: z.string() }), {
    reads: officeReads, quiet: true,
    onSuccess: () => {
      if (from) dismiss.mutate({ url: `${officeUrl(cluster)}/incidents/${from.id}/dismiss` });
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title="Open an incident" size="lg">
      <EntryForm error={open.error?.message ?? null} onSubmit={({ title, impact, status, body }) => open.mutate({ url: `${officeUrl(cluster)}/incidents`, body: { title, impact, status, body, services: on, ...(from ? { startedAt: from.startedAt } : {}) }, done: "The incident is on the page within seconds." })}>
        <TextInput name="title" label="What fails, in the words of whoever uses it" defaultValue={from?.title} maxLength={120} required data-autofocus />
        <NativeSelect name="impact" label="Impact" data={[...impacts]} defaultValue={from?.impact ?? "minor"} />
        <NativeSelect name="status" label="State" data={["investigating", "identified", "monitoring"]} />
        <MultiSelect label="Services that it touches" data={services.map(({ id, name }) => ({ value: id, label: name === id.split("/")[1] ? id : `${name} (${id})` }))} value={on} onChange={setOn} searchable />
        <Textarea name="body" label="First word" description="What is known, what is done next. Everybody who may see the page reads it." autosize minRows={3} required />
        <Button type="submit" loading={open.isPending}>Open it</Button>
      </EntryForm>
    </Modal>
  );
}

export function UpdateIncident({ cluster, incident, onClose }: Props & { incident: OfficeIncident }) {
  const update = useAct(nothing, { reads: officeReads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Update: ${incident.title}`} size="lg">
      <EntryForm error={update.error?.message ?? null} onSubmit={({ status, impact, body }) => update.mutate({ url: `${officeUrl(cluster)}/incidents/${incident.id}/update`, body: { status, impact, body }, done: status === "resolved" ? "The incident is resolved." : "The update is told." })}>
        <NativeSelect name="status" label="State" data={["investigating", "identified", "monitoring", "resolved"]} defaultValue={incident.status} data-autofocus />
        <NativeSelect name="impact" label="Impact" data={[...impacts]} defaultValue={incident.impact} />
        <Textarea name="body" label="Word" description="It stays: an update can be followed by another, not changed." autosize minRows={3} required />
        <Button type="submit" loading={update.isPending}>Tell it</Button>
      </EntryForm>
    </Modal>
  );
}

export function PostMortem({ cluster, incident, onClose }: Props & { incident: OfficeIncident }) {
  const write = useAct(nothing, { reads: officeReads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Post-mortem: ${incident.title}`} size="lg">
      <EntryForm error={write.error?.message ?? null} onSubmit={({ text }) => write.mutate({ url: `${officeUrl(cluster)}/incidents/${incident.id}/post-mortem`, body: { text }, done: "The post-mortem is kept." })}>
        <Textarea name="text" label="What happened, why, and what is changed because of it" defaultValue={incident.postMortem} autosize minRows={8} data-autofocus />
        <Button type="submit" loading={write.isPending}>Keep it</Button>
      </EntryForm>
    </Modal>
  );
}
