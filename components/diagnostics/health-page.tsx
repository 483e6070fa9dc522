"use client";
// Health, now: all that is wrong with the cluster, worst first; what is silenced stands last.
import { useQueryClient } from "@tanstack/react-query";
import { parseAsString, useQueryState } from "nuqs";
import { TextInput } from "@mantine/core";
import { severities, type ShownFinding } from "@/lib/diagnostics/model";
import { Answer } from "../live/answer";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import { FindingRow } from "./finding-row";
import css from "./health-page.module.css";
import { healthKey, useHealth } from "./queries";
import { Why } from "./why";

const titles = { critical: "Broken now", warning: "Will break, or half broken", info: "Worth knowing" } as const;
const matches = ({ title, failure, subject, evidence, area }: ShownFinding, text: string) => text === "" || [title, failure, subject.key, subject.kind, area, ...evidence].some((one) => one.toLowerCase().includes(text.toLowerCase()));

export function HealthPage({ cluster }: { cluster: string }) {
  const cache = useQueryClient();
  const query = useHealth(cluster);
  const maySilence = useMay("health.silence");
  const [filter, setFilter] = useQueryState("filter", parseAsString.withDefault(""));
  const changed = () => void cache.invalidateQueries({ queryKey: healthKey(cluster) });
  const list = (members: readonly ShownFinding[]) => <ul className={css.list}>{members.map((one) => <FindingRow key={one.key} finding={one} cluster={cluster} maySilence={maySilence} onChanged={changed} />)}</ul>;
  return (
    <Answer query={query} what="the health of the cluster">
      {({ findings, look }) => {
        const found = findings.filter((one) => matches(one, filter));
        const loud = found.filter(({ silence }) => silence === null);
        const silenced = found.filter(({ silence }) => silence !== null);
        return (
          <>
            {findings.length > 0 && <TextInput size="xs" className={css.filter} value={filter} onChange={({ currentTarget }) => void setFilter(currentTarget.value || null)} placeholder="Filter by failure, subject or evidence" aria-label="Filter findings" />}
            {look.at === 0 && findings.length === 0 && <StatePicture kind="empty" title="The first look is being made" say="It comes within seconds of the cluster being known." />}
            {look.at > 0 && findings.length === 0 && <StatePicture kind="empty" title="Nothing is wrong that the catalogue knows" say="Nodes, pods, events, routes, jobs, metrics and certificates were looked at." />}
            {findings.length > 0 && found.length === 0 && <StatePicture kind="empty" title="No finding matches the filter" />}
            {severities.map((severity) => {
              const members = loud.filter((one) => one.severity === severity);
              return members.length > 0 && <Panel key={severity} title={titles[severity]} aside={`${members.length}`}>{list(members)}</Panel>;
            })}
            {silenced.length > 0 && <Panel title="Silenced" aside={`${silenced.length}`}>{list(silenced)}</Panel>}
            <section className={css.why} aria-label="Why it is built so"><Why topics={["self-managed", "one-control-plane", "five-queues", "one-rabbit", "cpu-request"]} /></section>
          </>
        );
      }}
    </Answer>
  );
}
