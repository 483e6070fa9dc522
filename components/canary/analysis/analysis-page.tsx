"use client";
// What is measured when a workload gets a new version: the definition with its lint, how the console acts on it, the YAML for Argo Rollouts, and a trial on the past.
import { Button, Checkbox, Group, JsonInput, NumberInput, Text } from "@mantine/core";
import { useState } from "react";
import Link from "next/link";
import { useMay } from "@/components/shell/queries";
import { CopyButton } from "@/components/ui/copy-button";
import { Panel } from "@/components/ui/panel";
import { Answer } from "@/components/live/answer";
import { LoadingRows, StatePicture } from "@/components/ui/state-picture";
import { analysisSettings, type AnalysisSettings } from "@/lib/canary/run";
import type { AnalysisAnswer } from "@/lib/canary/views";
import page from "../page.module.css";
import { canaryPage, useAnalysis, useCheck, useDeed, type Workload } from "../queries";
import { BacktestPanel } from "./backtest-panel";
import { definitionOf, pretty } from "./definition-text";
import { FindingList } from "./finding-list";

export function AnalysisPage(of: Workload) {
  const query = useAnalysis(of);
  const { data } = query;
  return (
    <div className={page.page}>
      <h1 className={page.title}>Analysis of {of.workload}</h1>
      <p className={page.lead}><Link href={canaryPage(of)}>{of.workload}</Link> in {of.namespace}. {data?.kept ? `Revision ${data.kept.revision}, kept by ${data.kept.savedBy}.` : data ? "Nothing is kept yet; what stands here is a template." : ""}</p>
      <Answer query={query} what="the analysis" rows={10}>{(answer) => <Editor key={answer.kept?.revision ?? 0} of={of} answer={answer} />}</Answer>
    </div>
  );
}

function Editor({ of, answer }: { of: Workload; answer: AnalysisAnswer }) {
  const may = useMay("canary.edit");
  const [text, setText] = useState(pretty(answer.suggested));
  const [settings, setSettings] = useState<AnalysisSettings>(answer.kept?.settings ?? analysisSettings.parse({}));
  const read = definitionOf(text);
  const check = useCheck(of, "definition" in read ? read.definition : null);
  const save = useDeed(of, () => `The analysis of ${of.workload} is kept.`);
  const wrong = "fault" in read ? read.fault : null;
  return (
    <>
      <div className={page.two}>
        <Panel title="Definition" aside={<Group gap="xs">{answer.templates.map(({ id, title, definition, say }) => <Button key={id} size="compact-xs" variant="default" title={say} onClick={() => setText(pretty(definition))}>{title}</Button>)}</Group>}>
          <div className={page.pad}>
            <JsonInput value={text} onChange={setText} aria-label="Definition as JSON" autosize minRows={16} maxRows={30} formatOnBlur error={wrong} styles={{ input: { fontFamily: "var(--mono)", fontSize: 12 } }} />
            <SettingsFields settings={settings} onChange={setSettings} />
            <Group>
              <Button size="xs" disabled={!may || wrong !== null} title={may ? undefined : "Needs the permission canary.edit, which operators have."} loading={save.isPending} onClick={() => "definition" in read && save.mutate({ deed: "analysis", body: { definition: read.definition, settings } })}>Keep</Button>
              {save.error && <Text size="sm" c="red" role="alert">{save.error.message}</Text>}
            </Group>
          </div>
        </Panel>
        <Panel title="Lint" aside={check.data ? `${check.data.findings.length} findings` : ""}>
          {check.data ? <FindingList findings={check.data.findings} none="Nothing speaks against it." /> : <LoadingRows rows={3} />}
          {check.data && (
            <div className={page.pad}>
              <span className={page.dim}>Prometheus is asked for these raw series, and nothing else:</span>
              {check.data.expressions.map((expression) => <code key={expression} style={{ overflowWrap: "anywhere" }}>{expression}</code>)}
            </div>
          )}
        </Panel>
      </div>
      <BacktestPanel of={of} definition={"definition" in read ? read.definition : null} />
      <div className={page.two}>
        <Panel title="For Argo Rollouts" aside={<CopyButton text={answer.yaml} what="the YAML" />}>
          <pre className={page.yaml} tabIndex={0} aria-label="YAML">{answer.yaml}</pre>
        </Panel>
        <Panel title="Templates in the cluster" aside={`${answer.argoTemplates.length}`}>
          {answer.argoTemplates.length === 0 ? <StatePicture kind="empty" title="No AnalysisTemplate is here" /> : answer.argoTemplates.map(({ name, kind, findings }) => (
            <div key={`${kind}/${name}`}><div className={page.finding}><span /><span><b>{name}</b> <span className={page.dim}>{kind}</span></span></div><FindingList findings={findings} none="Nothing speaks against it." /></div>
          ))}
        </Panel>
      </div>
    </>
  );
}

const switches = [
  ["automatic", "Begin by itself when another version is on its way"], ["abortOnFail", "Abort the judged version on FAIL"], ["promoteOnPass", "Promote a pause on PASS"], ["holdWhileIll", "Hold while the whole service is ill or the canary gets no traffic"],
] as const;

function SettingsFields({ settings, onChange }: { settings: AnalysisSettings; onChange: (settings: AnalysisSettings) => void }) {
  return (
    <>
      {switches.map(([key, label]) => <Checkbox key={key} size="xs" label={label} checked={settings[key]} onChange={({ currentTarget }) => onChange({ ...settings, [key]: currentTarget.checked })} />)}
      <NumberInput size="xs" w={200} label="Seconds between looks" min={5} max={3600} value={settings.everySeconds} onChange={(value) => typeof value === "number" && value >= 5 && value <= 3600 && onChange({ ...settings, everySeconds: Math.round(value) })} />
    </>
  );
}
