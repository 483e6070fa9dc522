"use client";
// Other labels and taints for a pool: written first, then the plan of what that changes on its living nodes.
import { Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import type { Change, Pool } from "@/lib/provisioning/model";
import { ChangePlan } from "./change-dialog";
import { labelLines, taintLines, toSettings } from "./settings-text";
import css from "./cluster-page.module.css";

export function PoolDialog({ name, pool, onClose }: { name: string; pool: Pool; onClose: () => void }) {
  const [labels, setLabels] = useState(labelLines(pool.labels));
  const [taints, setTaints] = useState(taintLines(pool.taints));
  const [wish, setWish] = useState<Change | null>(null);
  const settings = toSettings(labels, taints);
  const lines = (text: string): number => Math.max(2, text.split("\n").length);
  const written = (set: (text: string) => void) => (text: string): void => { set(text); setWish(null); };
  return (
    <Modal opened onClose={onClose} title={`Labels and taints of ${pool.name}`} size="xl" centered>
      <div className={css.form}>
        <Textarea size="xs" label="Labels, one a line" description="key=value. They say where workloads may run, and which tier a node is of." value={labels} onChange={(event) => written(setLabels)(event.currentTarget.value)} rows={lines(labels)} spellCheck={false} classNames={{ input: css.mono ?? "" }} />
        <Textarea size="xs" label="Taints, one a line" description="key=value:Effect. NoExecute moves pods that do not tolerate it off the nodes at once." value={taints} onChange={(event) => written(setTaints)(event.currentTarget.value)} rows={lines(taints)} spellCheck={false} classNames={{ input: css.mono ?? "" }} />
      </div>
      {!settings.ok && <Text size="sm" c="red" role="alert" mt="xs">{settings.say}</Text>}
      {wish ? <ChangePlan key={JSON.stringify(wish)} name={name} wish={wish} onClose={onClose} /> : (
        <Group mt="md" justify="flex-end">
          <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
          <Button size="xs" disabled={!settings.ok} onClick={() => settings.ok && setWish({ kind: "pool-settings", pool: pool.name, labels: settings.labels, taints: settings.taints })}>Show what changes</Button>
        </Group>
      )}
    </Modal>
  );
}
