"use client";
// The What-if tab: a question in the address, its answer on a copy of the picture. Nothing is changed.
import { Button, NumberInput, SegmentedControl, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { postJson } from "@/components/live/fetch-json";
import { Answer } from "@/components/live/answer";
import { clusterPath } from "@/components/placement/drawer/queries";
import { whatIfAnswer } from "@/components/placement/drawer/wire";
import { sameMembers, useDerived, usePlacement } from "@/components/placement/queries";
import type { PlacementStore } from "@/components/placement/store";
import { StatePicture } from "@/components/ui/state-picture";
import { tierNames, tiers } from "@/lib/placement/model";
import { askWords, asks, changeWords, toQuestion } from "./ask";
import { Outcome } from "./outcome";
import css from "./what-if-page.module.css";

const address = {
  ask: parseAsStringLiteral(asks).withDefault("drain"), node: parseAsString.withDefault(""), tier: parseAsInteger.withDefault(2),
  workload: parseAsString.withDefault(""), replicas: parseAsInteger.withDefault(1), question: parseAsString.withDefault(""),
};

const nodesOf = ({ tables }: PlacementStore) => [...tables.nodes.keys()].sort();
const workloadsOf = ({ tables }: PlacementStore) => [...tables.workloads.keys()].filter((key) => !key.startsWith("DaemonSet/")).sort();

export function WhatIfPage({ cluster }: { cluster: string }) {
  const { store } = usePlacement(cluster);
  const nodes = useDerived(store, nodesOf, sameMembers);
  const workloads = useDerived(store, workloadsOf, sameMembers);
  const [fields, set] = useQueryStates(address);
  const question = toQuestion(fields);
  const query = useQuery({
    queryKey: ["placement", cluster, "what-if", question],
    queryFn: () => postJson(`${clusterPath(cluster)}/what-if`, whatIfAnswer, { question }),
    enabled: question !== null, placeholderData: keepPreviousData, staleTime: 2000, refetchInterval: 10_000,
  });
  return (
    <div className={css.page}>
      <form className={css.form} onSubmit={(event) => event.preventDefault()}>
        {fields.question !== "" ? (
          <p className={css.change}>If <b>{question ? changeWords(question) : "… (this question cannot be read)"}</b> <Button size="compact-xs" variant="default" onClick={() => void set({ question: null })}>Ask something else</Button></p>
        ) : (
          <>
            <SegmentedControl size="xs" value={fields.ask} onChange={(value) => void set({ ask: asks.find((one) => one === value) ?? "drain" })} data={asks.map((value) => ({ value, label: askWords[value] }))} aria-label="What if" />
            {(fields.ask === "drain" || fields.ask === "lose-node") && <Select size="xs" aria-label="Node" placeholder="Which node" searchable data={nodes} value={fields.node || null} onChange={(node) => void set({ node })} className={css.wide} />}
            {fields.ask === "lose-tier" && <Select size="xs" aria-label="Tier" data={tiers.map((tier) => ({ value: String(tier), label: `${tier} ${tierNames[tier]}` }))} value={String(fields.tier)} onChange={(tier) => void set({ tier: Number(tier) })} allowDeselect={false} />}
            {fields.ask === "add" && (
              <>
                <NumberInput size="xs" aria-label="How many pods" min={1} max={500} value={fields.replicas} onChange={(replicas) => void set({ replicas: Math.min(500, Math.max(1, Math.round(Number(replicas)) || 1)) })} className={css.number} />
                <Select size="xs" aria-label="Workload" placeholder="of which workload" searchable limit={200} data={workloads} value={fields.workload || null} onChange={(workload) => void set({ workload })} className={css.wide} />
              </>
            )}
          </>
        )}
      </form>
      {question === null ? (
        <StatePicture kind="empty" title="Choose what is asked about" say="The answer is played on a copy of the cluster as it is now. Nothing is changed." />
      ) : (
        <Answer query={query} what="the answer">{(answer) => <Outcome cluster={cluster} answer={answer} question={question} old={query.isPlaceholderData} />}</Answer>
      )}
    </div>
  );
}
