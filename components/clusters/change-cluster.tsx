"use client";
// Renaming and removing a cluster; removing asks for its short name typed.
import { Button, Modal, TextInput } from "@mantine/core";
import { EntryForm } from "../access/entry";
import { nothing, useAct } from "../access/use-act";
import type { ClusterRow } from "./clusters-page";

interface Props { one: ClusterRow; onClose: () => void }

const reads = ["cluster-list", "clusters"];
const urlOf = ({ slug }: ClusterRow) => `/api/clusters/${encodeURIComponent(slug)}`;

export function RenameCluster({ one, onClose }: Props) {
  const rename = useAct(nothing, { reads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Rename ${one.title}`}>
      <EntryForm error={rename.error?.message ?? null} onSubmit={({ title }) => rename.mutate({ url: urlOf(one), method: "PATCH", body: { title }, done: `It is now called ${title}.` })}>
        <TextInput name="title" label="Title" defaultValue={one.title} required data-autofocus />
        <Button type="submit" loading={rename.isPending}>Rename</Button>
      </EntryForm>
    </Modal>
  );
}

export function RemoveCluster({ one, onClose }: Props) {
  const remove = useAct(nothing, { reads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Remove ${one.title}`}>
      <p>The console forgets its kubeconfig and its tier policy, and disconnects. The cluster itself is not touched.</p>
      <EntryForm error={remove.error?.message ?? null} onSubmit={({ typed }) => remove.mutate({ url: urlOf(one), method: "DELETE", body: { typed }, done: `${one.title} is removed.` })}>
        <TextInput name="typed" label={`Type ${one.slug} to remove it`} autoComplete="off" required data-autofocus />
        <Button type="submit" color="red" loading={remove.isPending}>Remove</Button>
      </EntryForm>
    </Modal>
  );
}
