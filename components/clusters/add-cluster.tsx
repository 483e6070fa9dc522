"use client";
// Adding a cluster: its kubeconfig is tried first, and kept sealed.
import { Alert, Button, FileButton, Modal, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import css from "../access/access.module.css";
import { EntryForm } from "../access/entry";
import { useAct } from "../access/use-act";

const tried = z.object({ ok: z.boolean(), version: z.string().optional(), say: z.string().optional(), server: z.string(), contexts: z.array(z.string()) });
const added = z.object({ slug: z.string(), version: z.string() });
const sayRefused = "A kubeconfig that runs a program, reads files or goes through a proxy is refused here; such a one belongs into the server's own KUBECONFIG.";

export function AddCluster({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a cluster" size="lg">
      <AddForm onClose={onClose} />
    </Modal>
  );
}

function AddForm({ onClose }: { onClose: () => void }) {
  const [kubeconfig, setKubeconfig] = useState("");
  const [context, setContext] = useState("");
  const test = useAct(tried, { reads: [], quiet: true });
  const add = useAct(added, { reads: ["cluster-list", "clusters"], quiet: true, onSuccess: onClose });
  const asked = { kubeconfig, ...(context ? { context } : {}) };
  const change = (text: string) => {
    setKubeconfig(text);
    setContext("");
    test.reset();
  };
  const contexts = test.data?.contexts ?? [];
  return (
    <EntryForm error={(add.error ?? test.error)?.message ?? null} onSubmit={({ title, slug }) => add.mutate({ url: "/api/clusters", body: { title, slug, ...asked }, done: `${title} is connected.` })}>
      <TextInput name="title" label="Title" autoComplete="off" required data-autofocus />
      <TextInput name="slug" label="Short name" description="Stands in addresses: lower-case letters, digits and hyphens" autoComplete="off" required />
      <Textarea label="Kubeconfig" description={sayRefused} rows={8} value={kubeconfig} onChange={(event) => change(event.currentTarget.value)} required spellCheck={false} autoComplete="off" styles={{ input: { fontFamily: "var(--mono)", fontSize: 12 } }} />
      <div className={css.row}>
        <FileButton onChange={(file) => void file?.text().then(change)} inputProps={{ "aria-label": "Kubeconfig file" }}>{(props) => <Button {...props} variant="default" size="compact-sm">From a file</Button>}</FileButton>
        <Button variant="default" size="compact-sm" disabled={kubeconfig === ""} loading={test.isPending} onClick={() => test.mutate({ url: "/api/clusters/test", body: asked })}>Try it</Button>
      </div>
      {contexts.length > 1 && <NativeSelect label="Context" data={["", ...contexts]} value={context} onChange={(event) => setContext(event.currentTarget.value)} description="Empty: the current one" />}
      {test.data && <Alert color={test.data.ok ? "green" : "red"} variant="light" role="status" title={test.data.ok ? `It answers: ${test.data.version} at ${test.data.server}` : test.data.say} />}
      <Button type="submit" loading={add.isPending}>Add it</Button>
    </EntryForm>
  );
}
