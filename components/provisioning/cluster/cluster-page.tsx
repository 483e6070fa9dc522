"use client";
// One blueprint and what stands of it: resources with their ids, drift, cost, history, and the ways to build, change and take down.
import { Button, Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { driftOf } from "@/lib/provisioning/plan/plan";
import { useJobs } from "../../jobs/queries";
import { Answer } from "../../live/answer";
import { PodMark } from "../../placement/pod-mark";
import { useMay } from "../../shell/queries";
import { FetchError } from "../../live/fetch-json";
import { Panel } from "../../ui/panel";
import { StatePicture } from "../../ui/state-picture";
import { blueprintQuery, deleteBlueprint, pagePath, planQuery } from "../queries";
import { CostPart } from "../review/cost-column";
import type { PlanAnswer } from "../wire";
import { fieldText } from "../words";
import { Certificates } from "./certificates";
import { History } from "./history";
import { Pools } from "./pools";
import { ResourceTable } from "./resource-table";
import { TearDown } from "./tear-down";
import css from "./cluster-page.module.css";

export function ProvisionedPage({ name }: { name: string }) {
  const stored = useQuery(blueprintQuery(name));
  const plan = useQuery(planQuery(name));
  const jobs = useJobs().data?.filter(({ cluster, kind }) => cluster === name && kind.startsWith("cluster.")) ?? [];
  if (stored.error instanceof FetchError && stored.error.status === 404) return <NotBuilt name={name} />;
  return (
    <div className={css.page}>
      {!stored.data && <h1 className={css.waiting}>{name}</h1>}
      <Answer query={stored} what="the blueprint">
        {({ blueprint, revision, revisions, built, cost }) => (
          <>
            <header className={css.head}>
              <div><h1>{name}</h1><p>{blueprint.region}, v{blueprint.kubernetesVersion}, revision {revision}; {built ? "built" : "not built"}</p></div>
              <Actions name={name} built={built} />
            </header>
            <div className={css.columns}>
              <div className={css.main}>
                <Pools blueprint={blueprint} items={plan.data?.plan.items} built={built} />
                <Answer query={plan} what="what stands of it">{(answer) => <Standing answer={answer}>{built && <Certificates name={name} />}</Standing>}</Answer>
              </div>
              <div className={css.side}>
                <section className={css.panel}><CostPart cost={cost} region={blueprint.region} /></section>
                <History revisions={revisions} jobs={jobs} />
              </div>
            </div>
          </>
        )}
      </Answer>
    </div>
  );
}

function NotBuilt({ name }: { name: string }) {
  const back = <Button size="xs" variant="default" component={Link} href="/provisioning">Blueprints</Button>;
  return (
    <div className={css.page}>
      <h1 className={css.waiting}>{name}</h1>
      <StatePicture kind="empty" title="Not built from here" say={`The console holds no blueprint named ${name}: the cluster is only connected, or its blueprint was deleted.`} action={back} />
    </div>
  );
}

function Actions({ name, built }: { name: string; built: boolean }) {
  const [edit, teardown] = [useMay("provisioning.edit"), useMay("provisioning.teardown")];
  const router = useRouter();
  const cache = useQueryClient();
  const drop = useMutation({ mutationFn: () => deleteBlueprint(name), onSuccess: () => { void cache.invalidateQueries({ queryKey: ["provisioning", "list"] }); router.push("/provisioning"); } });
  return (
    <Group gap="xs">
      <Button size="xs" component={Link} href={`${pagePath(name)}/review`}>{built ? "Review changes" : "Review and build"}</Button>
      <Button size="xs" variant="default" component={Link} href={`${pagePath(name)}/edit`}>{edit ? "Change" : "Look at it"}</Button>
      {built ? <TearDown name={name} disabled={teardown ? "" : "Taking a cluster down needs the role admin."} /> : <Button size="xs" variant="default" disabled={!edit} loading={drop.isPending} onClick={() => drop.mutate()}>Delete blueprint</Button>}
      {drop.error && <p role="alert" className={css.wrong}>{drop.error.message}</p>}
    </Group>
  );
}

/** `children` stand between what differs and the long list of all there is. */
function Standing({ answer, children }: { answer: PlanAnswer; children: ReactNode }) {
  const there = answer.plan.items.filter(({ awsId }) => awsId !== null);
  const drift = there.length === 0 ? [] : driftOf(answer.plan);
  return (
    <>
      {answer.plan.problems.length > 0 && <Panel title="Unclear" flush={false}><ul className={css.problems}>{answer.plan.problems.map(({ id, say }) => <li key={`${id} ${say}`}>{say}</li>)}</ul></Panel>}
      <Panel title="Drift" aside={there.length === 0 ? undefined : drift.length === 0 ? "none" : `${drift.length} ${drift.length === 1 ? "thing" : "things"}`}>
        {there.length === 0 && <StatePicture kind="empty" title="Nothing is built" say="Drift is what differs between the blueprint and what stands; nothing stands yet." />}
        {there.length > 0 && drift.length === 0 && <p className={css.quiet}><PodMark state="running" size={10} />Everything is as the blueprint says.</p>}
        {drift.length > 0 && (
          <ul className={css.drift}>
            {drift.map((item) => (
              <li key={`${item.id} ${item.awsId ?? ""}`}><code>{item.id}</code><span>{item.reason}</span><span className={css.changes}>{item.changes.map(({ field, was, wanted }) => `${field}: ${fieldText(was)} → ${fieldText(wanted)}`).join(", ")}</span></li>
            ))}
          </ul>
        )}
      </Panel>
      {children}
      <Panel title="Resources" aside={`${there.length} of ${answer.plan.items.length} there`}><ResourceTable items={answer.plan.items} region={answer.blueprint.region} /></Panel>
    </>
  );
}
