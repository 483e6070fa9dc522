"use client";
// The rules as two tables; the first rule that matches decides, so each can be moved up and down.
import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Panel } from "@/components/ui/panel";
import { type NodeRule, type Tier, tierNames, type TierPolicy, tiers, type WorkloadRule } from "@/lib/placement/model";
import css from "./policy-page.module.css";
import { moved } from "./rule-text";

interface Props { policy: TierPolicy; onChange: (policy: TierPolicy) => void; disabled: boolean }

export function RuleTables({ policy, onChange, disabled }: Props) {
  const nodes = (rules: NodeRule[]) => onChange({ ...policy, nodes: rules });
  const workloads = (rules: WorkloadRule[]) => onChange({ ...policy, workloads: rules });
  return (
    <fieldset className={css.tables} disabled={disabled}>
      <Panel title="A node is of the tier of the first label it carries" aside={`${policy.nodes.length} rules`}>
        {policy.nodes.map((rule, at) => (
          <Row key={at} at={at} rules={policy.nodes} onChange={nodes}>
            <TextInput size="xs" aria-label={`Label of node rule ${at + 1}`} value={rule.label} onChange={(event) => nodes(replaced(policy.nodes, at, { ...rule, label: event.currentTarget.value }))} className={css.wide} />
            <TextInput size="xs" aria-label={`Value of node rule ${at + 1}`} placeholder="any value" value={rule.value ?? ""} onChange={(event) => nodes(replaced(policy.nodes, at, { ...rule, value: event.currentTarget.value || null }))} className={css.wide} />
            <TierSelect what={`node rule ${at + 1}`} tier={rule.tier} onChange={(tier) => nodes(replaced(policy.nodes, at, { ...rule, tier }))} />
          </Row>
        ))}
        <Button size="compact-xs" variant="default" m={8} onClick={() => nodes([...policy.nodes, { label: "", value: null, tier: 2 }])}>Add a node rule</Button>
      </Panel>
      <Panel title="A workload belongs to the tier of the first rule that matches all it names" aside={`${policy.workloads.length} rules`}>
        {policy.workloads.map((rule, at) => (
          <Row key={at} at={at} rules={policy.workloads} onChange={workloads}>
            {(["namespace", "name"] as const).map((field) => (
              <TextInput key={field} size="xs" aria-label={`${field} of workload rule ${at + 1}`} placeholder={`any ${field}`} value={rule[field] ?? ""} onChange={(event) => workloads(replaced(policy.workloads, at, withField(rule, field, event.currentTarget.value)))} className={css.wide} />
            ))}
            <TextInput size="xs" aria-label={`Label of workload rule ${at + 1}`} placeholder="any label, key=value" defaultValue={rule.label ? `${rule.label.key}=${rule.label.value}` : ""} onBlur={(event) => workloads(replaced(policy.workloads, at, withLabel(rule, event.currentTarget.value)))} className={css.wide} />
            <TierSelect what={`workload rule ${at + 1}`} tier={rule.tier} onChange={(tier) => workloads(replaced(policy.workloads, at, { ...rule, tier }))} />
          </Row>
        ))}
        <Button size="compact-xs" variant="default" m={8} onClick={() => workloads([...policy.workloads, { namespace: "", tier: 2 }])}>Add a workload rule</Button>
      </Panel>
    </fieldset>
  );
}

function Row<R>({ at, rules, onChange, children }: { at: number; rules: readonly R[]; onChange: (rules: R[]) => void; children: ReactNode }) {
  return (
    <div className={css.rule}>
      <span className={css.number}>{at + 1}</span>
      {children}
      <span className={css.buttons}>
        <ActionIcon size="sm" variant="subtle" color="gray" disabled={at === 0} onClick={() => onChange(moved(rules, at, at - 1))} aria-label={`Move rule ${at + 1} up`}><IconArrowUp size={14} /></ActionIcon>
        <ActionIcon size="sm" variant="subtle" color="gray" disabled={at === rules.length - 1} onClick={() => onChange(moved(rules, at, at + 1))} aria-label={`Move rule ${at + 1} down`}><IconArrowDown size={14} /></ActionIcon>
        <ActionIcon size="sm" variant="subtle" color="gray" onClick={() => onChange(rules.filter((_, one) => one !== at))} aria-label={`Remove rule ${at + 1}`}><IconX size={14} /></ActionIcon>
      </span>
    </div>
  );
}

function TierSelect({ what, tier, onChange }: { what: string; tier: Tier; onChange: (tier: Tier) => void }) {
  return <NativeSelect size="xs" aria-label={`Tier of ${what}`} value={String(tier)} data={tiers.map((one) => ({ value: String(one), label: `${one} ${tierNames[one]}` }))} onChange={(event) => onChange(tiers.find((one) => String(one) === event.currentTarget.value) ?? tier)} className={css.tier} />;
}

function replaced<R>(rules: readonly R[], at: number, rule: R): R[] {
  return rules.map((one, index) => (index === at ? rule : one));
}

function withField(rule: WorkloadRule, field: "namespace" | "name", text: string): WorkloadRule {
  const { [field]: _, ...rest } = rule;
  return text === "" ? rest : { ...rest, [field]: text };
}

function withLabel(rule: WorkloadRule, text: string): WorkloadRule {
  const { label: _, ...rest } = rule;
  const [key = "", ...value] = text.split("=");
  return key.trim() === "" ? rest : { ...rest, label: { key: key.trim(), value: value.join("=").trim() } };
}
