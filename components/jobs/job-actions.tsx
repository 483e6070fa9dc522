"use client";
// What may be done about a job: stop it, let it go on, and after a drain that did not end, open the node again.
import { Button, Group, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { z } from "zod";
import { hasEnded, type JobDetail } from "@/lib/jobs/model";
import { postJson } from "../live/fetch-json";
import { useMay } from "../shell/queries";
import css from "./job-page.module.css";
import { cancelJob, putJob, resumeJob } from "./queries";

export const placementOf = (cluster: string): string => `/clusters/${encodeURIComponent(cluster)}/placement`;

export function JobActions({ job }: { job: JobDetail }) {
  const may = useMay("job.run");
  const cache = useQueryClient();
  const resume = useMutation({ mutationFn: () => resumeJob(job.id), onSuccess: ({ job: now }) => putJob(cache, now) });
  const why = may ? undefined : "Needs the permission job.run.";
  return (
    <div className={css.actions}>
      {job.status === "NEEDS_ATTENTION" && <Button size="xs" disabled={!may} title={why} loading={resume.isPending} onClick={() => resume.mutate()}>Resume</Button>}
      {resume.error && <Text size="xs" c="red" role="alert">{resume.error.message}</Text>}
      {!hasEnded(job.status) && <CancelButton job={job} may={may} />}
      {job.kind === "cluster.build" && job.status === "SUCCEEDED" && <Button size="xs" component={Link} href={placementOf(job.cluster)}>Open {job.cluster} in placement</Button>}
      <AfterDrain job={job} />
    </div>
  );
}

function CancelButton({ job, may }: { job: JobDetail; may: boolean }) {
  const cache = useQueryClient();
  const [open, setOpen] = useState(false);
  const cancel = useMutation({ mutationFn: () => cancelJob(job.id), onSuccess: ({ job: now }) => { putJob(cache, now); setOpen(false); } });
  const running = job.steps.find(({ status }) => ["running", "waiting", "retrying"].includes(status));
  const stopping = job.status === "CANCELLING";
  return (
    <>
      <Button size="xs" variant="default" disabled={!may || stopping} title={may ? undefined : "Needs the permission job.run."} onClick={() => setOpen(true)}>{stopping ? "Stopping" : "Cancel job…"}</Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Stop ${job.id}?`} centered>
        <Text size="sm">{running ? `Now: ${running.title}. What is under way is let return first; only then is the job cancelled.` : "It has not begun; nothing was done yet."}</Text>
        <Text size="sm" mt="xs">What is done stays done. The job’s last sentence says what that leaves.</Text>
        {cancel.error && <Text mt="sm" size="sm" c="red" role="alert">{cancel.error.message}</Text>}
        <Group mt="md" justify="flex-end">
          <Button variant="default" size="xs" onClick={() => setOpen(false)}>Let it run</Button>
          <Button size="xs" loading={cancel.isPending} onClick={() => cancel.mutate()}>Stop the job</Button>
        </Group>
      </Modal>
    </>
  );
}

const drained = z.object({ cluster: z.string(), node: z.string() });

function AfterDrain({ job }: { job: JobDetail }) {
  const may = useMay("node.cordon");
  const read = drained.safeParse(job.kind === "node.drain" ? job.input : null);
  const { cluster, node } = read.data ?? { cluster: "", node: "" };
  const uncordon = useMutation({
    mutationFn: () => postJson(`/api/clusters/${encodeURIComponent(cluster)}/nodes/${encodeURIComponent(node)}/uncordon`, z.unknown(), {}),
    onSuccess: () => notifications.show({ message: `${node} takes pods again.` }),
  });
  if (!read.success) return null;
  const cordoned = job.steps.some(({ name, status }) => name === "cordon" && (status === "done" || status === "skipped"));
  return (
    <>
      <Button size="xs" variant="default" component={Link} href={`/clusters/${encodeURIComponent(cluster)}/placement?node=${encodeURIComponent(node)}`}>See {node}</Button>
      {cordoned && hasEnded(job.status) && (
        <Button size="xs" variant="default" disabled={!may || uncordon.isSuccess} title={may ? undefined : "Needs the permission node.cordon."} loading={uncordon.isPending} onClick={() => uncordon.mutate()}>
          {uncordon.isSuccess ? "Uncordoned" : `Uncordon ${node}`}
        </Button>
      )}
      {uncordon.error && <Text size="xs" c="red" role="alert">{uncordon.error.message}</Text>}
    </>
  );
}
