"use client";
// Where the console goes out to for the page, set by administrators: probes from outside, and webhooks that take its news.
import { Button, Modal, NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { z } from "zod";
import { EntryForm } from "../../access/entry";
import { ShownOnce, type Secret } from "../../access/shown-once";
import { nothing, useAct } from "../../access/use-act";
import { When } from "../../access/when";
import css from "../../access/access.module.css";
import { Panel } from "../../ui/panel";
import { StatePicture } from "../../ui/state-picture";
import { officeReads, officeUrl, type Office } from "./queries";

export function OutgoingPanels({ cluster, office }: { cluster: string; office: Office }) {
  const [asked, setAsked] = useState<"probe" | "hook" | null>(null);
  const [secret, setSecret] = useState<Secret | null>(null);
  const act = useAct(nothing, { reads: officeReads });
  const url = officeUrl(cluster);
  return (
    <>
      <Panel title="Probes" aside={<Button size="compact-sm" variant="default" onClick={() => setAsked("probe")}>Add a probe</Button>}>
        {office.probes.length === 0 ? <StatePicture kind="empty" title="No probes" say="A probe asks a service from outside the cluster, such as the image store; two failures in a row count." /> : (
          <div className={css.scroll} role="region" aria-label="Probes" tabIndex={0}>
            <table className={css.table}>
              <thead><tr><th>Probe</th><th>Service</th><th>Last answer</th><th>When</th><th>Acts</th></tr></thead>
              <tbody>{office.probes.map(({ id, title, service, results: [last] }) => <tr key={id}><td>{title}</td><td className={css.mono}>{service}</td><td className={last ? (last.ok ? css.succeeded : css.failed) : css.dim}>{last ? `${last.say}, ${last.tookMs} ms` : "not asked yet"}</td><td className={css.mono}><When at={last?.at ?? null} /></td><td><Button size="compact-xs" variant="default" aria-label={`Remove the probe ${title}`} onClick={() => act.mutate({ url: `${url}/probes/${id}/remove`, done: "The probe is removed." })}>Remove</Button></td></tr>)}</tbody>
            </table>
          </div>
        )}
      </Panel>
      <Panel title="Webhooks" aside={<Button size="compact-sm" variant="default" onClick={() => setAsked("hook")}>Add a webhook</Button>}>
        {office.hooks.length === 0 ? <StatePicture kind="empty" title="No webhooks" say="Each update of an incident and each maintenance is sent, signed, until it is taken." /> : (
          <div className={css.scroll} role="region" aria-label="Webhooks" tabIndex={0}>
            <table className={css.table}>
              <thead><tr><th>To</th><th>By</th><th>Last news</th><th>When</th><th>Acts</th></tr></thead>
              <tbody>{office.hooks.map(({ id, host, createdBy, deliveries: [last] }) => <tr key={id}><td className={css.mono}>{host}</td><td>{createdBy}</td><td className={last?.state === "delivered" ? css.succeeded : css.dim}>{last ? `${last.state}${last.say === "" ? "" : `, ${last.say}`}${last.attempt > 1 ? `, ${last.attempt} tries` : ""}` : "none yet"}</td><td className={css.mono}><When at={last?.at ?? null} /></td><td><div className={css.row}><Button size="compact-xs" variant="default" aria-label={`Send a test to ${host}`} onClick={() => act.mutate({ url: `${url}/hooks/${id}/test`, done: "A test is on its way." })}>Test</Button><Button size="compact-xs" variant="default" aria-label={`Remove the webhook to ${host}`} onClick={() => act.mutate({ url: `${url}/hooks/${id}/remove`, done: "The webhook is removed." })}>Remove</Button></div></td></tr>)}</tbody>
            </table>
          </div>
        )}
      </Panel>
      {asked === "probe" && <AddProbe cluster={cluster} onClose={() => setAsked(null)} />}
      {asked === "hook" && <AddHook cluster={cluster} onClose={() => setAsked(null)} onSecret={setSecret} />}
      <ShownOnce secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}

function AddProbe({ cluster, onClose }: { cluster: string; onClose: () => void }) {
  const add = useAct(nothing, { reads: officeReads, quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title="Add a probe">
      <EntryForm error={add.error?.message ?? null} onSubmit={({ title, service, tier, kind, address, expect }) => add.mutate({ url: `${officeUrl(cluster)}/probes`, body: { title, service, tier: Number(tier), kind, address, expect }, done: "The probe asks within seconds." })}>
        <TextInput name="title" label="Name" placeholder="Image store" required data-autofocus />
        <TextInput name="service" label="Service" description="<namespace>/<name> of a service of the page, or outside/<name>" placeholder="outside/s3-images" required />
        <NativeSelect name="tier" label="Tier" data={["1", "2", "3", "4"]} defaultValue="4" />
        <NativeSelect name="kind" label="Asked by" data={["http", "tcp"]} />
        <TextInput name="address" label="Address" description="A URL, or <host>:<port> for tcp. Link-local and metadata addresses are refused." required />
        <NativeSelect name="expect" label="It is well when" data={[{ value: "ok", label: "it answers 2xx or 3xx" }, { value: "answers", label: "it answers anything below 500" }]} />
        <Button type="submit" loading={add.isPending}>Add it</Button>
      </EntryForm>
    </Modal>
  );
}

function AddHook({ cluster, onClose, onSecret }: { cluster: string; onClose: () => void; onSecret: (secret: Secret) => void }) {
  const add = useAct(z.object({ secret: z.string() }), {
    reads: officeReads, quiet: true,
    onSuccess: (made) => {
      onClose();
      onSecret({ title: "Signing secret", say: "This is the only time it is shown. Each message carries x-quarterdeck-signature: sha256=HMAC(secret, timestamp.body).", text: made.secret });
    },
  });
  return (
    <Modal opened onClose={onClose} title="Add a webhook">
      <EntryForm error={add.error?.message ?? null} onSubmit={({ address }) => add.mutate({ url: `${officeUrl(cluster)}/hooks`, body: { address } })}>
        <TextInput name="address" label="Address" description="Kept encrypted, and never shown again." placeholder="https://hooks.example.org/status" required data-autofocus />
        <Button type="submit" loading={add.isPending}>Add it</Button>
      </EntryForm>
    </Modal>
  );
}
