"use client";
// When a cluster's certificates run out and how that is known; their renewal, fresh join material, and a kubeconfig for an administrator.
import { Button, Group, Modal, SegmentedControl, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { certificateState, witnesses, witnessWords, type CertificateRow, type CertificateState } from "@/lib/provisioning/certificates";
import type { PodState } from "@/lib/placement/model";
import { Answer } from "../../live/answer";
import { PodMark } from "../../placement/pod-mark";
import { useMay } from "../../shell/queries";
import { Panel } from "../../ui/panel";
import { askKubeconfig, certificatesQuery, startRenewal, startRotation } from "../queries";
import css from "./cluster-page.module.css";

const marks: Record<CertificateState, { mark: PodState; word: string }> = { good: { mark: "running", word: "" }, soon: { mark: "warning", word: "soon" }, urgent: { mark: "failed", word: "urgent" }, over: { mark: "failed", word: "has run out" } };
const dayMs = 86_400_000;

export function Certificates({ name }: { name: string }) {
  const rows = useQuery(certificatesQuery(name));
  return (
    <Panel title="Certificates" aside={<Acts name={name} />}>
      <Answer query={rows} what="the certificates">
        {({ at, certificates }) => (
          <>
            <Table at={at} rows={certificates} />
            <dl className={css.witnesses}>{witnesses.map((witness) => <div key={witness}><dt>{witness}</dt><dd>{witnessWords[witness]}</dd></div>)}</dl>
          </>
        )}
      </Answer>
    </Panel>
  );
}

function Table({ at, rows }: { at: number; rows: readonly CertificateRow[] }) {
  return (
    <div className={css.tableScroll} tabIndex={0} role="region" aria-label="Certificates">
      <table className={css.table}>
        <thead><tr><th scope="col">Certificate</th><th scope="col">On</th><th scope="col">Good until</th><th scope="col">Known by</th></tr></thead>
        <tbody>
          {rows.map(({ name, machine, until, renewable, known }) => {
            const { mark, word } = marks[certificateState(until, at)];
            const days = Math.floor((until - at) / dayMs);
            return (
              <tr key={`${machine} ${name}`}>
                <td className={machine === "" ? undefined : css.mono}>{name}{!renewable && <span className={css.dim}> (authority)</span>}</td>
                <td className={`${css.mono} ${css.whole}`}>{machine || "–"}</td>
                <td className={css.whole}><PodMark state={mark} size={10} /> <span className={css.mono}>{new Date(until).toISOString().slice(0, 10)}</span> <span className={css.dim}>{days < 0 ? `${-days} days ago` : `${days} days`}{word === "" ? "" : `, ${word}`}</span></td>
                <td className={css.dim} title={witnessWords[known]}>{known}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

type Asked = "renew" | "join" | "kubeconfig" | null;

function Acts({ name }: { name: string }) {
  const [asked, ask] = useState<Asked>(null);
  const [build, kubeconfig] = [useMay("provisioning.build"), useMay("cluster.kubeconfig")];
  const button = (what: Asked, label: string, why: string) => <Button size="compact-xs" variant="default" disabled={why !== ""} title={why || undefined} onClick={() => ask(what)}>{label}</Button>;
  const operator = build ? "" : "This needs the role operator.";
  return (
    <Group gap={6}>
      {button("renew", "Renew…", operator)}
      {button("join", "Rotate join material…", operator)}
      {button("kubeconfig", "Kubeconfig…", kubeconfig ? "" : "A kubeconfig is handed to administrators alone.")}
      <JobDialog opened={asked === "renew"} onClose={() => ask(null)} title={`Renew the certificates of ${name}`} start={() => startRenewal(name)} label="Renew">
        <ul className={css.points}>
          <li>A pod on the control plane runs <code>kubeadm certs renew all</code> on the machine itself, and ends.</li>
          <li>etcd, API server, controller-manager and scheduler start anew with the new certificates: for up to a minute the API does not answer. Pods go on running.</li>
          <li>The console gets itself a new client certificate for a year. Kubeconfigs that were handed out are good until they run out by themselves.</li>
          <li>The authorities are not renewed: they last ten years.</li>
        </ul>
      </JobDialog>
      <JobDialog opened={asked === "join"} onClose={() => ask(null)} title={`Rotate the join material of ${name}`} start={() => startRotation(name)} label="Rotate">
        <ul className={css.points}>
          <li>A new bootstrap token is made, good for two hours, and written where machines that boot look for it.</li>
          <li>Every older token is revoked: a machine that is booting with one now cannot join with it.</li>
          <li>Nodes that have joined are not touched.</li>
        </ul>
      </JobDialog>
      <Modal opened={asked === "kubeconfig"} onClose={() => ask(null)} title={`A kubeconfig for ${name}`} centered><Download name={name} onClose={() => ask(null)} /></Modal>
    </Group>
  );
}

interface JobDialogProps { opened: boolean; onClose: () => void; title: string; label: string; start: () => Promise<{ job: string }>; children: React.ReactNode }

function JobDialog({ opened, onClose, title, label, start, children }: JobDialogProps) {
  const router = useRouter();
  const go = useMutation({ mutationFn: start, onSuccess: ({ job }) => router.push(`/jobs/${encodeURIComponent(job)}`) });
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" centered>
      {children}
      {go.error && <Text mt="sm" size="sm" c="red" role="alert">{go.error.message}</Text>}
      <Group mt="md" justify="flex-end">
        <Button size="xs" variant="default" onClick={onClose}>Leave it</Button>
        <Button size="xs" loading={go.isPending} onClick={() => go.mutate()}>{label}</Button>
      </Group>
    </Modal>
  );
}

const spans = [{ value: "1", label: "1 hour" }, { value: "8", label: "8 hours" }, { value: "24", label: "a day" }, { value: "168", label: "a week" }];

function Download({ name, onClose }: { name: string; onClose: () => void }) {
  const [hours, setHours] = useState("8");
  const ask = useMutation({ mutationFn: () => askKubeconfig(name, Number(hours)), gcTime: 0, onSuccess: ({ kubeconfig }) => save(`${name}.kubeconfig`, kubeconfig) });
  return (
    <>
      <Text size="sm">With it anybody is an administrator of the cluster. Its certificate cannot be called back, so it is good for only so long:</Text>
      <SegmentedControl mt="sm" size="xs" data={spans} value={hours} onChange={setHours} aria-label="Good for" fullWidth />
      <Text mt="sm" size="xs" c="dimmed">The record keeps that you took it, and until when it is good. The console keeps no copy.</Text>
      {ask.error && <Text mt="sm" size="sm" c="red" role="alert">{ask.error.message}</Text>}
      {ask.isSuccess && <Text mt="sm" size="sm" role="status">Saved as {name}.kubeconfig.</Text>}
      <Group mt="md" justify="flex-end">
        <Button size="xs" variant="default" onClick={onClose}>{ask.isSuccess ? "Close" : "Leave it"}</Button>
        <Button size="xs" loading={ask.isPending} onClick={() => ask.mutate()}>Download</Button>
      </Group>
    </>
  );
}

/** The address of the text is let go of at once: nothing of it stays in the page. */
function save(file: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = document.createElement("a");
  Object.assign(link, { href: url, download: file });
  link.click();
  URL.revokeObjectURL(url);
}
