"use client";
// A build or a deployment told by hand: what the cluster cannot know of a record, such as the commit or the run that made its image.
import { Button, Group, Modal, Select, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { z } from "zod";
import { ciStates } from "@/lib/deployments/rules/ci-event";
import { useAct } from "../access/use-act";
import { useMay } from "../shell/queries";
import { deploymentsKey } from "./queries";

export function ReportButton({ cluster }: { cluster: string }) {
  const may = useMay("deployment.report");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="xs" variant="default" disabled={!may} title={may ? undefined : "Telling of deployments needs the permission deployment.report."} onClick={() => setOpen(true)}>Record deployment</Button>
      {open && <ReportDialog cluster={cluster} onClose={() => setOpen(false)} />}
    </>
  );
}

const answer = z.object({ matched: z.number() });
const empty = { image: "", commit: "", repository: "", label: "", url: "", actor: "" };
const fields = [
  { key: "image", label: "Image", description: "With its tag, such as registry.example/shop/web:1.4.2", maxLength: 500 },
  { key: "commit", label: "Commit", description: "7 to 64 hexadecimal digits", maxLength: 64 },
  { key: "repository", label: "Repository", description: "Such as shop/web", maxLength: 300 },
  { key: "label", label: "Build", description: "What it is called, such as build 1873", maxLength: 120 },
  { key: "url", label: "Address of the build", description: "https://…", maxLength: 2000 },
  { key: "actor", label: "Who", description: "Stands in the record where nothing surer is known", maxLength: 200 },
] as const;

function ReportDialog({ cluster, onClose }: { cluster: string; onClose: () => void }) {
  const [said, setSaid] = useState(empty);
  const [state, setState] = useState<string>("succeeded");
  const act = useAct(answer, {
    reads: [deploymentsKey, "hooks"], quiet: true,
    onSuccess: ({ matched }) => {
      notifications.show({ color: "green", message: matched > 0 ? `Written to ${matched === 1 ? "its deployment" : `${matched} deployments`}.` : "No deployment has this image or commit yet. It stands under Builds until one comes." });
      onClose();
    },
  });
  const isNamed = said.image.trim() !== "" || said.commit.trim() !== "";
  const send = () => {
    const { image, commit, url, actor, ...rest } = Object.fromEntries(Object.entries(said).map(([key, text]) => [key, text.trim()]));
    const optional = Object.fromEntries(Object.entries({ commit, url, actor }).filter(([, text]) => text));
    act.mutate({ url: "/api/hooks/deployments", body: { source: "by hand", externalId: rest["label"] || commit || image, cluster, state, images: image ? [image] : [], ...rest, ...optional } });
  };
  return (
    <Modal opened onClose={onClose} title="Record a deployment">
      <form onSubmit={(event) => { event.preventDefault(); send(); }}>
        <Text size="sm" c="var(--dim)">What runs is recorded by itself. Here is told what a cluster cannot know of it: which build it came from, of which commit, and by whom. It meets its deployment by image or commit, whichever of the two comes first.</Text>
        {fields.map(({ key, ...about }) => <TextInput key={key} size="xs" mt="xs" {...about} value={said[key]} onChange={({ currentTarget: { value } }) => setSaid((before) => ({ ...before, [key]: value }))} spellCheck={false} autoComplete="off" />)}
        <Select size="xs" mt="xs" label="State" data={[...ciStates]} value={state} onChange={(value) => setState(value ?? "succeeded")} allowDeselect={false} />
        {act.error && <Text mt="sm" size="sm" c="var(--word-red)" role="alert">{act.error.message}</Text>}
        <Group mt="md" justify="flex-end">
          <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
          <Button size="xs" type="submit" loading={act.isPending} disabled={!isNamed} title={isNamed ? undefined : "It needs an image or a commit to be known by."}>Record</Button>
        </Group>
      </form>
    </Modal>
  );
}
