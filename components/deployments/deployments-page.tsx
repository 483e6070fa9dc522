"use client";
// Deployments: DORA's line, the timeline by tier, the rows; what is filtered stands in the address.
import { Button, Menu, SegmentedControl, TextInput } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import Link from "next/link";
import { changeKinds, outcomes, type DeploymentRecord, type RecorderState } from "@/lib/deployments/model";
import { tierNames, tiers } from "@/lib/placement/model";
import { Trouble } from "../live/answer";
import { useNow } from "../live/use-now";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { useLooking, windowNames, windows, windowWords } from "./address";
import css from "./deployments-page.module.css";
import { DoraStrip } from "./dora-strip";
import { FreezeButton } from "./freeze-dialog";
import { Legend } from "./legend";
import { useFreezes, useIncidents, useRecords, windowMost, type RecordsAnswer } from "./queries";
import { RecordTable } from "./record-table";
import { ReportButton } from "./report-dialog";
import { Timeline } from "./timeline";

export function DeploymentsPage({ cluster }: { cluster: string }) {
  const { looking, look } = useLooking();
  const lengthMs = windows[looking.range];
  const { data, error, refetch, isPlaceholderData } = useRecords(cluster, { lengthMs, tier: looking.tier, change: looking.kind, outcome: looking.outcome });
  const freezes = useFreezes(cluster, lengthMs).data?.freezes ?? [];
  const incidents = useIncidents(cluster, lengthMs).data?.incidents ?? [];
  const now = useNow(15_000);
  const shown = (data?.records ?? []).filter((one) => matches(one, looking.find) && (now === 0 || one.startedAt >= now - lengthMs));
  const counted = shown.filter(({ change }) => change !== "restart").length;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Deployments</h1>
        <p>{data ? `${shown.length} in ${windowWords[looking.range]}, ${counted} counted. Restarts and scaling never count.` : ""}</p>
        <div className={css.tools}>
          <SegmentedControl size="xs" aria-label="How far back" value={looking.range} onChange={(value) => look({ range: windowNames.find((one) => one === value) ?? "24h" })} data={windowNames.map((value) => ({ value, label: value.replace(/(\d+)/, "$1 ") }))} />
          <Pick label={looking.tier === null ? "Tier" : `Tier ${looking.tier}`} options={tiers.map((one) => ({ value: String(one), label: `${one} ${tierNames[one]}` }))} onPick={(value) => look({ tier: value === null ? null : Number(value) })} />
          <Pick label={looking.kind ?? "Kind"} options={changeKinds.map((value) => ({ value, label: value }))} onPick={(value) => look({ kind: changeKinds.find((one) => one === value) ?? null })} />
          <Pick label={looking.outcome ?? "Outcome"} options={outcomes.map((value) => ({ value, label: value }))} onPick={(value) => look({ outcome: outcomes.find((one) => one === value) ?? null })} />
          <TextInput size="xs" className={css.find} placeholder="Workload, version, who" aria-label="Find a workload, a version or a person" value={looking.find} onChange={({ currentTarget }) => look({ find: currentTarget.value })} />
          <FreezeButton cluster={cluster} />
          <Button size="xs" variant="default" component={Link} href={`/clusters/${encodeURIComponent(cluster)}/deployments/builds`}>Builds</Button>
          <ReportButton cluster={cluster} />
        </div>
      </header>
      {data && data.recorder.state !== "live" && <Behind {...data.recorder} />}
      <DoraStrip cluster={cluster} tier={looking.tier} />
      <Panel title={<>Last {windowWords[looking.range]} <small className={css.sub}>{data ? `${new Set(shown.map(({ kind, namespace, name }) => `${kind}/${namespace}/${name}`)).size} workloads changed` : ""}</small></>} aside={<Legend />}>
        {!data && !error && <LoadingRows rows={8} height={21} label="The timeline is being fetched" />}
        {!data && error && <Trouble error={error} what="the deployments" retry={() => void refetch()} />}
        {data && <Timeline cluster={cluster} records={shown} freezes={freezes} incidents={incidents} span={{ start: (now || data.now) - lengthMs, end: now || data.now }} selected={looking.at} onSelect={(id) => look({ at: id })} />}
      </Panel>
      <Panel title="Newest first" aside={data && <More data={data} cluster={cluster} />} className={isPlaceholderData ? css.dim ?? "" : ""}>
        {data && shown.length === 0 && <StatePicture kind="empty" title={`No deployments in ${windowWords[looking.range]}`} say={looking.tier || looking.kind || looking.outcome || looking.find ? "None that fits what is asked for. Take a filter away, or look further back." : "Each new revision of a workload stands here as it comes. Look further back, or deploy something."} />}
        {data && shown.length > 0 && <RecordTable cluster={cluster} records={shown} now={now || data.now} selected={looking.at} onSelect={(id) => look({ at: id })} sort={looking.sort} isUp={looking.up !== null} onSort={(sort) => look({ sort, up: looking.sort === sort && looking.up === null ? "1" : null })} />}
      </Panel>
    </div>
  );
}

const matches = ({ name, namespace, version, actor, commit }: DeploymentRecord, find: string): boolean => find === "" || [name, namespace, version, actor ?? "", commit ?? ""].some((one) => one.toLowerCase().includes(find.trim().toLowerCase()));

function More({ data, cluster }: { data: RecordsAnswer; cluster: string }) {
  const path = `/api/clusters/${encodeURIComponent(cluster)}/deployments/export`;
  return <>{data.records.length >= windowMost && <span>the newest {windowMost} · </span>}<a className={css.link} href={`${path}?format=csv`} download>CSV</a> · <a className={css.link} href={`${path}?format=json`} download>JSON</a></>;
}

export function Behind({ state, say, since }: RecorderState) {
  return <p className={css.behind} role="status">{state === "starting" ? "Not recording yet" : `Recording is behind since ${new Date(since).toLocaleTimeString("en-GB")}`}: {say}</p>;
}

function Pick({ label, options, onPick }: { label: string; options: readonly { value: string; label: string }[]; onPick: (value: string | null) => void }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button size="xs" variant="default" rightSection={<IconChevronDown size={13} />}>{label}</Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onPick(null)}>All</Menu.Item>
        {options.map((one) => <Menu.Item key={one.value} onClick={() => onPick(one.value)}>{one.label}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
