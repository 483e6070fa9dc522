"use client";
// The record: who did what to which, when, and how it ended. Filters stand in the address bar.
import { Anchor, Button, Group, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { z } from "zod";
import { Trouble } from "../live/answer";
import { fetchJson } from "../live/fetch-json";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import css from "./access.module.css";
import { When } from "./when";

const entry = z.object({
  id: z.string(), at: z.number(), actorKind: z.string(), actorName: z.string(), address: z.string(), requestId: z.string(), action: z.string(), targetKind: z.string(), targetName: z.string(),
  cluster: z.string().nullable(), outcome: z.enum(["denied", "failed", "succeeded", "unfinished"]), reason: z.string(), input: z.unknown(), durationMs: z.number().nullable(),
});
const page = z.object({ entries: z.array(entry), next: z.string().nullable() });
const outcomes = ["denied", "failed", "succeeded", "unfinished"] as const;
const fields = { actor: parseAsString.withDefault(""), action: parseAsString.withDefault(""), target: parseAsString.withDefault(""), outcome: parseAsStringLiteral(outcomes), from: parseAsString.withDefault(""), to: parseAsString.withDefault("") };

export function AuditPage() {
  const [filter, setFilter] = useQueryStates(fields, { throttleMs: 300 });
  const [settled] = useDebouncedValue(filter, 250);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useInfiniteQuery({
    queryKey: ["audit", settled],
    queryFn: ({ pageParam, signal }) => fetchJson(`/api/access/audit?${searchOf(settled, pageParam)}`, page, { signal }),
    initialPageParam: "",
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  });
  const entries = data?.pages.flatMap((one) => one.entries);
  return (
    <div className={css.page}>
      <h1 className={css.title}>Audit</h1>
      <div className={css.filters} role="search" aria-label="Filter the record">
        <TextInput label="Who" value={filter.actor} onChange={(event) => void setFilter({ actor: event.currentTarget.value || null })} />
        <TextInput label="Did what" placeholder="node.drain" value={filter.action} onChange={(event) => void setFilter({ action: event.currentTarget.value || null })} />
        <TextInput label="To which" value={filter.target} onChange={(event) => void setFilter({ target: event.currentTarget.value || null })} />
        <NativeSelect label="Outcome" value={filter.outcome ?? ""} data={[{ value: "", label: "any" }, ...outcomes]} onChange={(event) => void setFilter({ outcome: outcomes.find((one) => one === event.currentTarget.value) ?? null })} />
        <TextInput label="From" type="datetime-local" value={filter.from} onChange={(event) => void setFilter({ from: event.currentTarget.value || null })} />
        <TextInput label="To" type="datetime-local" value={filter.to} onChange={(event) => void setFilter({ to: event.currentTarget.value || null })} />
      </div>
      <Panel title="Record" aside={isFetching ? "reading…" : "newest first"}>
        {!entries && error ? <Trouble error={error} what="the record" retry={() => void refetch()} /> : !entries ? <LoadingRows rows={10} /> : entries.length === 0 ? <StatePicture kind="empty" title="Nothing of that kind" say="Nobody did what the filter asks for. Widen it." /> : <Entries entries={entries} />}
      </Panel>
      <Group gap="md">
        <span className={css.dim}>Every row of this filter, with its hash in the chain:</span>
        {["csv", "json"].map((format) => <Anchor key={format} size="sm" href={`/api/access/audit/export?format=${format}&${searchOf(settled, "")}`} download>{format.toUpperCase()}</Anchor>)}
      </Group>
      <Strangers />
      {hasNextPage && <div><Button variant="default" loading={isFetching} onClick={() => void fetchNextPage()}>Older</Button></div>}
    </div>
  );
}

const denials = z.object({ routes: z.array(z.object({ route: z.string(), count: z.number(), lastAt: z.number() })) });

/** Refusals to people without a session are counted, not listed. */
function Strangers() {
  const { data } = useQuery({ queryKey: ["audit", "denials"], queryFn: ({ signal }) => fetchJson("/api/access/denials", denials, { signal }), refetchInterval: 60_000 });
  if (!data || data.routes.length === 0) return null;
  const total = data.routes.reduce((sum, { count }) => sum + count, 0);
  return (
    <details>
      <summary className={css.dim}>{total} {total === 1 ? "request" : "requests"} without a session refused in 24 h</summary>
      <table className={css.table}>
        <thead><tr><th>What was asked</th><th>Refused</th><th>Last</th></tr></thead>
        <tbody>{data.routes.map(({ route, count, lastAt }) => <tr key={route}><td className={css.mono}>{route}</td><td className={css.mono}>{count}</td><td className={css.mono}><When at={lastAt} /></td></tr>)}</tbody>
      </table>
    </details>
  );
}

function Entries({ entries }: { entries: z.infer<typeof entry>[] }) {
  return (
    <div className={css.scroll} role="region" aria-label="Record" tabIndex={0}>
      <table className={css.table}>
        <thead><tr><th>When</th><th>Who</th><th>Did what</th><th>To which</th><th>Outcome</th><th>Details</th></tr></thead>
        <tbody>
          {entries.map((one) => (
            <tr key={one.id}>
              <td className={css.mono}><When at={one.at} /></td>
              <td title={[one.actorKind, one.address].filter(Boolean).join(" from ")}>{one.actorName || "nobody"}</td>
              <td className={css.mono}>{one.action}</td>
              <td>{one.targetName} <span className={css.dim}>{one.targetKind}{one.cluster && one.cluster !== one.targetName ? ` in ${one.cluster}` : ""}</span></td>
              <td className={css[one.outcome]}>{one.outcome}</td>
              <td className={css.wrap}>{one.reason}{one.input != null && <details><summary className={css.dim}>what was asked</summary><code>{JSON.stringify(one.input)}</code> <span className={css.dim}>request {one.requestId}{one.durationMs === null ? "" : `, ${one.durationMs} ms`}</span></details>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function searchOf({ from, to, ...words }: { actor: string; action: string; target: string; outcome: string | null; from: string; to: string }, before: string): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...words, before })) if (value) search.set(name, value);
  for (const [name, value] of Object.entries({ from, to })) if (value && !Number.isNaN(Date.parse(value))) search.set(name, new Date(value).toISOString());
  return search.toString();
}
