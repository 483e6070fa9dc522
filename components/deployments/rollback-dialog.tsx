"use client";
// Going back to an earlier revision: what it would change, who would put it back, then the deed.
import { Button, Group, Modal, Radio, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { useAct } from "../access/use-act";
import { LoadingRows } from "../ui/state-picture";
import { FreezeWord } from "./deed-dialog";
import { requestOf } from "./deeds";
import { deploymentsKey, useRollbackPreview, type WorkloadAnswer, type WorkloadName } from "./queries";
import css from "./workload-page.module.css";

const anything = z.looseObject({});

export function RollbackDialog({ cluster, of, data, revision, onClose }: { cluster: string; of: WorkloadName; data: WorkloadAnswer; revision: number; onClose: () => void }) {
  const { data: preview, error } = useRollbackPreview(cluster, of, revision);
  const [note, setNote] = useState("");
  const [override, setOverride] = useState(false);
  const [way, setWay] = useState<string>("direct");
  const act = useAct(anything, { reads: [deploymentsKey], quiet: true, onSuccess: onClose });
  const { workload } = data;
  const target = data.records.find((one) => one.revision === revision);
  const byArgo = preview?.owner.entry != null;
  const send = () => {
    if (!workload || !preview) return;
    const { url, body } = requestOf(cluster, of, { workload: { ...workload, seen: preview.seen }, asked: { deed: "rollback", note, override, revision, ...(of.kind === "Rollout" ? {} : { way: way === "argocd" ? "argocd" : "direct" }) } });
    act.mutate({ url, body, done: `${of.name} goes back to revision ${revision}.` });
  };
  return (
    <Modal opened onClose={onClose} title={`Roll ${of.name} back to revision ${revision}${target?.version ? `, ${target.version}` : ""}`} size="xl">
      {!preview && !error && <LoadingRows rows={5} label="What it would change is being worked out" />}
      {error && <Text size="sm" c="var(--word-red)" role="alert">{error.message}</Text>}
      {preview && (
        <form onSubmit={(event) => { event.preventDefault(); send(); }}>
          <Text size="sm">{preview.isSame ? "This is what it runs already." : `${preview.replicas === null ? "Its pods are" : `${preview.replicas} pods are`} replaced, a few at a time. ${preview.differences.length} ${preview.differences.length === 1 ? "thing changes" : "things change"}:`}</Text>
          {!preview.isSame && <Changes differences={preview.differences} />}
          {preview.owner.application && <Text mt="sm" size="sm" c="var(--word-amber)">{preview.owner.say}</Text>}
          {of.kind === "Rollout" && <Text mt="sm" size="sm" c="var(--dim)">Argo Rollouts carries it out: back to the stable version it skips all steps, to any other it goes through them.</Text>}
          {preview.owner.application && of.kind !== "Rollout" && (
            <Radio.Group mt="sm" size="xs" label="By which way" value={way} onChange={setWay}>
              <Group mt={4}><Radio size="xs" value="direct" label="Here, at the workload" /><Radio size="xs" value="argocd" disabled={!byArgo} label={byArgo ? `Argo CD, sync of ${preview.owner.entry?.revision.slice(0, 7)}` : "Argo CD: not while it syncs by itself, or without an entry in its history"} /></Group>
            </Radio.Group>
          )}
          <FreezeWord freeze={preview.freeze} override={override} onOverride={setOverride} />
          <TextInput mt="sm" size="xs" label="Why" description="Written into the record" value={note} onChange={({ currentTarget }) => setNote(currentTarget.value)} maxLength={300} required />
          {act.error && <Text mt="sm" size="sm" c="var(--word-red)" role="alert">{act.error.message}</Text>}
          <Group mt="md" justify="flex-end">
            <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
            <Button size="xs" color="red" type="submit" loading={act.isPending} disabled={preview.isSame || (preview.freeze.verdict === "blocked" && !override)}>Roll back</Button>
          </Group>
        </form>
      )}
    </Modal>
  );
}

function Changes({ differences }: { differences: readonly { path: string; before: string; after: string }[] }) {
  return (
    <ul className={css.changes}>
      {differences.map(({ path, before, after }) => <li key={path}><code>{path}</code><span><del>{before || "nothing"}</del> → <ins>{after || "nothing"}</ins></span></li>)}
    </ul>
  );
}
