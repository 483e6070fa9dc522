"use client";
// One deed on a workload: what it needs to know, whether a freeze stands in its way, a word for the record.
import { Button, Checkbox, Group, Modal, NumberInput, Select, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { useAct } from "../access/use-act";
import { useMay } from "../shell/queries";
import { deedTitles, requestOf, type Asked, type DeedName } from "./deeds";
import { deploymentsKey, type Frozen, type WorkloadAnswer, type WorkloadName } from "./queries";

export interface DeedProps { cluster: string; of: WorkloadName; data: WorkloadAnswer; deed: DeedName; onClose: () => void }

const anything = z.looseObject({});
const meanings: Record<DeedName, string> = {
  restart: "All pods are made anew, a few at a time, from the same template. It is recorded as a restart and never counts for DORA.", scale: "Scaling makes no new revision and is not recorded as a deployment; the audit has it.",
  image: "A new revision with another image is rolled out at once.", pause: "No further pods are replaced until it goes on. What runs, runs on.", resume: "Goes on where it was held; what was changed meanwhile is rolled out.", rollback: "",
};

export function DeedDialog({ cluster, of, data, deed, onClose }: DeedProps) {
  const { workload, freeze, owner } = data;
  const [note, setNote] = useState("");
  const [override, setOverride] = useState(false);
  const [replicas, setReplicas] = useState<number | string>(workload?.replicas ?? 1);
  const [container, setContainer] = useState(workload?.containers[0]?.name ?? "");
  const [image, setImage] = useState(workload?.containers[0]?.image ?? "");
  const act = useAct(anything, { reads: [deploymentsKey], quiet: true, onSuccess: onClose });
  if (!workload) return null;
  const asked: Asked = { deed, note, override, ...(deed === "scale" ? { replicas: Number(replicas) } : {}), ...(deed === "image" ? { container, image } : {}) };
  const { url, body } = requestOf(cluster, of, { workload, asked });
  const was = workload.containers.find(({ name }) => name === container)?.image ?? "";
  const pick = (name: string | null) => {
    setContainer(name ?? "");
    setImage(workload.containers.find((one) => one.name === name)?.image ?? "");
  };
  return (
    <Modal opened onClose={onClose} title={`${deedTitles[deed]} ${of.name}`}>
      <form onSubmit={(event) => { event.preventDefault(); act.mutate({ url, body, done: `${deedTitles[deed]}: ${of.name}` }); }}>
        <Text size="sm" c="var(--dim)">{meanings[deed]}</Text>
        {deed === "scale" && <NumberInput mt="sm" size="xs" label="Pods" description={`${workload.replicas ?? 0} now, ${workload.ready} ready`} value={replicas} onChange={setReplicas} min={0} max={10_000} allowDecimal={false} required />}
        {deed === "scale" && workload.autoscaler && <Text mt="xs" size="sm" c="var(--word-amber)">The autoscaler {workload.autoscaler.name} sets this number between {workload.autoscaler.min} and {workload.autoscaler.max} and will change it again.</Text>}
        {deed === "image" && <Select mt="sm" size="xs" label="Container" data={workload.containers.map(({ name }) => name)} value={container} onChange={pick} allowDeselect={false} />}
        {deed === "image" && <TextInput mt="sm" size="xs" label="Image" description={`Now ${was}`} value={image} onChange={({ currentTarget }) => setImage(currentTarget.value)} required spellCheck={false} autoComplete="off" />}
        {owner?.application && deed !== "restart" && <Text mt="sm" size="sm" c="var(--word-amber)">{owner.say}</Text>}
        {deed !== "pause" && <FreezeWord freeze={freeze} override={override} onOverride={setOverride} />}
        <TextInput mt="sm" size="xs" label="Why" description="Written into the record" value={note} onChange={({ currentTarget }) => setNote(currentTarget.value)} maxLength={300} required={override} />
        {act.error && <Text mt="sm" size="sm" c="var(--word-red)" role="alert">{act.error.message}</Text>}
        <Group mt="md" justify="flex-end">
          <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
          <Button size="xs" type="submit" loading={act.isPending} disabled={(freeze.verdict === "blocked" && !override && deed !== "pause") || (deed === "image" && image === was)}>{deedTitles[deed]}</Button>
        </Group>
      </form>
    </Modal>
  );
}

/** What a freeze says to it, and the way round it for those who may. */
export function FreezeWord({ freeze, override, onOverride }: { freeze: Frozen; override: boolean; onOverride: (on: boolean) => void }) {
  const may = useMay("deployment.override");
  if (freeze.verdict === "free") return null;
  return (
    <>
      <Text mt="sm" size="sm" c={freeze.verdict === "blocked" ? "var(--word-red)" : "var(--word-amber)"}>{freeze.verdict === "blocked" ? "Frozen: " : "Mind the freeze: "}{freeze.say}</Text>
      {freeze.verdict === "blocked" && <Checkbox mt={6} size="xs" label={may ? "Do it all the same, with a reason" : "Only an administrator may do it all the same"} checked={override} disabled={!may} onChange={({ currentTarget }) => onOverride(currentTarget.checked)} />}
    </>
  );
}
