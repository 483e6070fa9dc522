"use client";
// Nothing to look at yet: says what is coming up, or how to connect a cluster; goes on by itself once there is one.
import { Button } from "@mantine/core";
import Link from "next/link";
import { redirect } from "next/navigation";
import { ComingUp } from "../overview/coming-up";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { useClusters } from "./queries";
import css from "./welcome.module.css";

export function Welcome() {
  const { data, error, refetch } = useClusters();
  const first = data?.clusters[0]?.slug;
  if (first) redirect(`/clusters/${encodeURIComponent(first)}`);
  return (
    <div className={css.page}>
      <h1>Quarterdeck</h1>
      {error && !data && <StatePicture kind="broken" title="The clusters cannot be listed" say={error.message} action={<Button size="xs" variant="default" onClick={() => void refetch()}>Try again</Button>} />}
      {!data && !error && <LoadingRows rows={8} label="Opening the first cluster" />}
      {data && (data.waitingFor || (data.world && !data.world.ready) ? <p className={css.say}>{data.waitingFor ? `Waiting for the clusters that the file ${data.waitingFor} names.` : "The cluster is coming up."} This page goes on to it by itself.</p> : <NoCluster />)}
      <ComingUp whole />
    </div>
  );
}

function NoCluster() {
  return <StatePicture kind="empty" title="No cluster is connected" say="Start the console with KUBECONFIG set, or add a cluster by its kubeconfig." action={<Button component={Link} href="/clusters" size="xs" variant="default">Connect a cluster</Button>} />;
}
