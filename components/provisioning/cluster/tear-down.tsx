"use client";
// Taking a cluster down: what goes and in which order, what data dies with it, and the name typed.
import { Button, Group, Modal, Radio, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { kindWords } from "@/lib/provisioning/plan/groups";
import { Answer } from "../../placement/drawer/answer";
import { startTeardown, teardownQuery } from "../queries";
import type { TeardownAnswer } from "../wire";
import css from "./cluster-page.module.css";

export function TearDown({ name, disabled }: { name: string; disabled: string }) {
  const [open, setOpen] = useState(false);
  const plan = useQuery({ ...teardownQuery(name), enabled: open });
  return (
    <>
      <Button size="xs" variant="default" disabled={disabled !== ""} title={disabled || undefined} onClick={() => setOpen(true)}>Tear down…</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Tear down ${name}`} size="xl" centered>
        <Answer query={plan} what="what would go">{(answer) => <Form key={answer.digest} name={name} answer={answer} onClose={() => setOpen(false)} />}</Answer>
      </Modal>
    </>
  );
}

function Form({ name, answer, onClose }: { name: string; answer: TeardownAnswer; onClose: () => void }) {
  const router = useRouter();
  const [typed, setTyped] = useState("");
  const [volumes, setVolumes] = useState<"keep" | "delete" | "">(answer.volumes === 0 ? "keep" : "");
  const go = useMutation({ mutationFn: () => startTeardown(name, { digest: answer.digest, typed, volumes: volumes === "delete" ? "delete" : "keep" }), onSuccess: ({ job }) => router.push(`/jobs/${encodeURIComponent(job)}`) });
  const empty = answer.items.length + answer.swept.length === 0;
  return (
    <>
      {empty && <Text size="sm">Nothing of {name} is on AWS.</Text>}
      {answer.data.length > 0 && <div className={css.data} role="alert"><b>Lost for good:</b><ul>{answer.data.map((line) => <li key={line}>{line}</li>)}</ul></div>}
      <WhatGoes answer={answer} />
      {answer.volumes > 0 && (
        <Radio.Group mt="sm" label={`${answer.volumes} ${answer.volumes === 1 ? "volume holds" : "volumes hold"} the data of claims`} value={volumes} onChange={(value) => setVolumes(value === "delete" ? "delete" : "keep")}>
          <Radio size="xs" mt={4} value="keep" label="Keep them; they go on costing money" />
          <Radio size="xs" mt={4} value="delete" label="Delete them with their data" />
        </Radio.Group>
      )}
      <TextInput mt="sm" size="xs" label={`Type ${name} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />
      {go.error && <Text mt="sm" size="sm" c="red" role="alert">{go.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Text size="xs" c="dimmed" style={{ flex: 1 }}>A job: it goes on after a restart, names what blocks it, and ends with a statement of what is left and what that costs.</Text>
        <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        <Button size="xs" color="red" loading={go.isPending} disabled={empty || typed !== name || volumes === ""} onClick={() => go.mutate()}>Tear down {name}</Button>
      </Group>
    </>
  );
}

function WhatGoes({ answer: { items, swept, problems } }: { answer: TeardownAnswer }) {
  const kinds = [...new Set(items.map(({ kind }) => kind))];
  return (
    <>
      {problems.map(({ id, say }) => <Text key={id} size="sm" c="yellow">{say}</Text>)}
      <ol className={css.goes} aria-label="What goes, in this order">
        {swept.length > 0 && <li><b>{swept.length} made by controllers in the cluster</b> <span className={css.dim}>{swept.slice(0, 6).map(({ awsId }) => awsId.split("/").at(-1) ?? awsId).join(", ")}{swept.length > 6 ? " …" : ""}</span></li>}
        {kinds.map((kind) => { const mine = items.filter((item) => item.kind === kind); return <li key={kind}><b>{mine.length} × {kindWords[kind]}</b> <span className={css.dim}>{mine.slice(0, 8).map(({ name }) => name).join(", ")}{mine.length > 8 ? " …" : ""}</span></li>; })}
      </ol>
    </>
  );
}
