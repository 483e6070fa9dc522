"use client";
// Builds and deployments of CI that met no record, and the secrets by which their senders prove themselves.
import { Button, Checkbox, Group, Modal, PasswordInput, Text } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { z } from "zod";
import { useAct } from "../access/use-act";
import { useNow } from "../live/use-now";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { Trouble } from "../live/answer";
import { useHookSettings, useUnmatched } from "./queries";
import css from "./record-page.module.css";
import { RetentionPanel } from "./retention-panel";
import { whenText } from "./words";

export function BuildsPage() {
  const { data, error, refetch } = useUnmatched();
  const now = useNow(15_000);
  return (
    <div className={css.page}>
      <header className={css.head}><h1>Builds and webhooks</h1></header>
      <Panel title="Met no deployment" aside={data ? `${data.events.length} newest` : ""}>
        {!data && (error ? <Trouble error={error} what="the builds" retry={() => void refetch()} /> : <LoadingRows rows={5} label="Builds are being fetched" />)}
        {data?.events.length === 0 && <StatePicture kind="empty" title="Every build that was told of has its deployment" say="One that names an image tag, a digest or a commit meets its deployment whichever of the two comes first." />}
        {data && data.events.length > 0 && (
          <div className={css.scroll} tabIndex={0} role="region" aria-label="Builds without a deployment">
            <table className={css.table}>
              <thead><tr><th scope="col">Told</th><th scope="col">What</th><th scope="col">State</th><th scope="col">Repository</th><th scope="col">Commit</th><th scope="col">Ref</th><th scope="col">Who</th></tr></thead>
              <tbody>
                {data.events.map((one) => (
                  <tr key={one.id}>
                    <td className={css.mono}>{whenText(one.receivedAt, now || data.now)}</td><td>{one.url ? <a href={one.url} target="_blank" rel="noreferrer noopener">{one.label} <IconExternalLink size={11} aria-label="opens in a new tab" /></a> : one.label} <small>{one.source}</small></td>
                    <td>{one.state}</td><td>{one.repository || one.service || "–"}</td><td className={css.mono}>{one.commit?.slice(0, 10) ?? "–"}</td><td className={css.mono}>{one.ref || "–"}</td><td>{one.actor ?? "–"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      <Senders now={now} />
      <RetentionPanel />
    </div>
  );
}

const addresses: Record<string, string> = { github: "/api/hooks/github", argocd: "/api/hooks/argocd" };
const words: Record<string, string> = { github: "GitHub: content type application/json, events deployment, deployment status, workflow run, push", argocd: "Argo CD: the template in infra/kubernetes/argocd-notifications.yaml" };

function Senders({ now }: { now: number }) {
  const may = useMay("hooks.manage");
  const { data } = useHookSettings(may);
  const [source, setSource] = useState<string | null>(null);
  return (
    <Panel title="Senders" flush={false}>
      <p className={css.none}>Any CI may send JSON to <code className={css.mono}>POST /api/hooks/deployments</code> with an API key of an operator.</p>
      {!may && <p className={css.none}>Secrets of webhooks are set by administrators.</p>}
      <dl className={css.facts}>
        {data?.sources.map((one) => (
          <div key={one.source}><dt>{one.source}</dt><dd>
            <Group gap={10} justify="space-between"><span>{words[one.source]} to <code className={css.mono}>{addresses[one.source]}</code>. <small>{one.isSet ? `Secret set by ${one.setBy} ${one.setAt === null ? "" : whenText(one.setAt, now)}${one.hasEarlier ? ", the one before is still good" : ""}. Last delivery ${one.lastAt === null ? "never" : whenText(one.lastAt, now)}.` : "No secret: nothing is taken."}</small></span>
              <Button size="compact-xs" variant="default" onClick={() => setSource(one.source)}>Set secret…</Button></Group>
          </dd></div>
        ))}
      </dl>
      {source && <SecretDialog source={source} onClose={() => setSource(null)} />}
    </Panel>
  );
}

const answer = z.looseObject({});

function SecretDialog({ source, onClose }: { source: string; onClose: () => void }) {
  const [secret, setSecret] = useState("");
  const [keepEarlier, setKeep] = useState(true);
  const act = useAct(answer, { reads: ["hooks"], quiet: true, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={`Secret of ${source}`}>
      <form onSubmit={(event) => { event.preventDefault(); act.mutate({ url: "/api/hooks/settings", body: { source, secret, keepEarlier }, done: "The secret is set." }); }}>
        <PasswordInput size="xs" label="Secret" description="At least 20 characters; kept sealed and never shown again" value={secret} onChange={({ currentTarget }) => setSecret(currentTarget.value)} minLength={20} required autoComplete="off" />
        <Checkbox mt="sm" size="xs" label="The one before stays good, until the senders are changed" checked={keepEarlier} onChange={({ currentTarget }) => setKeep(currentTarget.checked)} />
        {act.error && <Text mt="sm" size="sm" c="var(--word-red)" role="alert">{act.error.message}</Text>}
        <Group mt="md" justify="flex-end"><Button size="xs" type="submit" loading={act.isPending}>Set</Button></Group>
      </form>
    </Modal>
  );
}
