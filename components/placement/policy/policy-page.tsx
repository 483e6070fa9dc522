"use client";
// The tier policy of a cluster: which labels make a tier, which workloads belong to which; tried before it is saved.
import { Button, Group, SegmentedControl, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { z } from "zod";
import { fetchJson, postJson } from "@/components/live/fetch-json";
import { Answer } from "@/components/live/answer";
import { useStaleReason } from "@/components/placement/drawer/pod-drawer";
import { clusterPath } from "@/components/placement/drawer/queries";
import { placementKey } from "@/components/placement/queries";
import { useMay } from "@/components/shell/queries";
import { type TierPolicy, tierPolicy } from "@/lib/placement/model";
import { type Change, ChangeList } from "./change-list";
import css from "./policy-page.module.css";
import { policyToYaml, readPolicy } from "./rule-text";
import { RuleTables } from "./rule-tables";

const stored = z.object({ policy: tierPolicy, standard: tierPolicy });
const tierOrNone = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).nullable();
const preview = z.object({ changes: z.array(z.object({ kind: z.enum(["node", "workload"]), key: z.string(), name: z.string(), before: tierOrNone, after: tierOrNone })) });

export function PolicyPage({ cluster }: { cluster: string }) {
  const path = `${clusterPath(cluster)}/policy`;
  const query = useQuery({ queryKey: ["placement", cluster, "policy"], queryFn: ({ signal }) => fetchJson(path, stored, { signal }), refetchOnWindowFocus: false });
  return <div className={css.page}><Answer query={query} what="the tier policy">{({ policy, standard }) => <Editor key={JSON.stringify(policy)} cluster={cluster} saved={policy} standard={standard} />}</Answer></div>;
}

function Editor({ cluster, saved, standard }: { cluster: string; saved: TierPolicy; standard: TierPolicy }) {
  const [draft, setDraft] = useState(saved);
  const [text, setText] = useState<string | null>(null);
  const [changes, setChanges] = useState<{ of: TierPolicy; list: Change[] } | null>(null);
  const read = text === null ? ({ ok: true, policy: draft } as const) : readPolicy(text);
  const valid = tierPolicy.safeParse(read.ok ? read.policy : null);
  const changed = valid.success && JSON.stringify(valid.data) !== JSON.stringify(saved);
  const seen = changes !== null && valid.success && JSON.stringify(changes.of) === JSON.stringify(valid.data);
  const { may, look, save } = useActions(cluster, (of, list) => setChanges({ of, list }));
  const put = (policy: TierPolicy) => (setDraft(policy), setText(text === null ? null : policyToYaml(policy)));
  const wrong = read.ok ? (valid.success ? "" : "A rule is not complete: every rule needs a label, a namespace or a name.") : read.say;
  return (
    <>
      <div className={css.tools}>
        <SegmentedControl size="xs" value={text === null ? "table" : "yaml"} data={[{ value: "table", label: "Rules" }, { value: "yaml", label: "YAML" }]} aria-label="Edit as" onChange={(value) => {
          if (value === "yaml") setText(policyToYaml(draft));
          else if (read.ok) (setDraft(read.policy), setText(null));
        }} />
        <Button size="xs" variant="default" disabled={may !== ""} onClick={() => put(standard)}>Fill in the standard policy</Button>
        <Group gap="xs" ml="auto">
          <Button size="xs" variant="default" disabled={!changed} onClick={() => put(saved)}>Undo</Button>
          <Button size="xs" variant="default" disabled={!changed || may !== ""} loading={look.isPending} onClick={() => valid.success && look.mutate(valid.data)}>What would change</Button>
          <Button size="xs" disabled={!changed || !seen || may !== ""} title={may || (seen ? undefined : "Look at what would change first")} loading={save.isPending} onClick={() => valid.success && save.mutate(valid.data)}>Save</Button>
        </Group>
      </div>
      {may !== "" && <p className={css.why}>{may}</p>}
      {(look.error ?? save.error) && <p className={css.wrong} role="alert">{(look.error ?? save.error)?.message}</p>}
      {wrong !== "" && <p className={css.wrong} role="status">{wrong}</p>}
      {seen && <ChangeList changes={changes.list} />}
      {text === null ? <RuleTables policy={draft} onChange={setDraft} disabled={may !== ""} /> : <Textarea aria-label="Tier policy as YAML" autosize minRows={20} value={text} onChange={(event) => setText(event.currentTarget.value)} classNames={{ input: css.yaml }} spellCheck={false} readOnly={may !== ""} />}
    </>
  );
}

function useActions(cluster: string, onSeen: (of: TierPolicy, list: Change[]) => void) {
  const path = `${clusterPath(cluster)}/policy`;
  const cache = useQueryClient();
  const allowed = useMay("policy.edit");
  const stale = useStaleReason(cluster);
  const look = useMutation({ mutationFn: (policy: TierPolicy) => postJson(`${path}/preview`, preview, { policy }), onSuccess: ({ changes }, policy) => onSeen(policy, changes) });
  const save = useMutation({
    mutationFn: (policy: TierPolicy) => fetchJson(path, z.object({ policy: tierPolicy }), { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ policy }) }),
    onSuccess: () => {
      notifications.show({ message: "The tier policy is saved; tiers and drift follow it now." });
      void cache.invalidateQueries({ queryKey: ["placement", cluster, "policy"] });
      void cache.refetchQueries({ queryKey: placementKey(cluster), exact: true });
    },
  });
  return { may: allowed ? stale : "Changing the policy needs the permission policy.edit.", look, save };
}
