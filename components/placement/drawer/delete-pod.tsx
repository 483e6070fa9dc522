"use client";
// Deletes a pod after saying what follows; when nobody would make it again, its name must be typed.
import { Button, Group, Modal, Text, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "@/components/shell/queries";
import type { PodRow } from "@/lib/placement/model";
import { deletePod } from "./queries";

interface DeleteProps { slug: string; pod: PodRow; uid: string; /** Why it must wait; "" when it need not. */ disabled: string; onDone: () => void }

export function DeletePod({ slug, pod, uid, disabled, onDone }: DeleteProps) {
  const may = useMay("pod.delete");
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => deletePod(slug, pod.key, uid),
    onSuccess: () => {
      notifications.show({ message: `${pod.name} is being deleted.` });
      setOpen(false);
      onDone();
    },
  });
  const bare = pod.workload === "";
  const why = disabled || (may ? (uid === "" ? "The pod’s details are not there yet." : "") : "Deleting needs the permission pod.delete.");
  return (
    <>
      <Button size="xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => setOpen(true)}>Delete…</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Delete ${pod.name}?`} centered>
        <Text size="sm">{bare ? "No controller owns this pod: nothing will make it again, and what it holds is lost." : `${pod.workload.split("/")[0] ?? "Its controller"} ${pod.workload.split("/")[2] ?? ""} makes another one, on whichever node fits then. Deleting does not ask disruption budgets; to empty a node, drain it.`}</Text>
        {bare && <TextInput mt="sm" label={`Type ${pod.name} to confirm`} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" spellCheck={false} />}
        {remove.error && <Text mt="sm" size="sm" c="red" role="alert">{remove.error.message}</Text>}
        <Group mt="md" justify="flex-end">
          <Button variant="default" size="xs" onClick={() => setOpen(false)}>Keep it</Button>
          <Button color="red" size="xs" loading={remove.isPending} disabled={why !== "" || (bare && typed !== pod.name)} onClick={() => remove.mutate()}>Delete</Button>
        </Group>
      </Modal>
    </>
  );
}
