"use client";
// The clusters: which there are, how they are reached, and for administrators adding, renaming and removing.
import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { z } from "zod";
import css from "../access/access.module.css";
import { Trouble } from "../live/answer";
import { fetchJson } from "../live/fetch-json";
import { useMay } from "../shell/queries";
import { Panel } from "../ui/panel";
import { LoadingRows, StatePicture } from "../ui/state-picture";
import { AddCluster } from "./add-cluster";
import { RemoveCluster, RenameCluster } from "./change-cluster";

const cluster = z.object({ slug: z.string(), title: z.string(), source: z.enum(["environment", "uploaded"]), state: z.enum(["connecting", "live", "stale", "unreachable"]), say: z.string(), version: z.string().nullable(), server: z.string().nullable() });
const list = z.object({ clusters: z.array(cluster), waitingFor: z.string().nullable() });
export type ClusterRow = z.infer<typeof cluster>;
const refreshMs = 5000;

export function ClustersPage() {
  const may = useMay("cluster.manage");
  const [adding, dialog] = useDisclosure(false);
  const [chosen, setChosen] = useState<{ act: "rename" | "remove"; one: ClusterRow } | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ["cluster-list"], queryFn: ({ signal }) => fetchJson("/api/clusters", list, { signal }), refetchInterval: refreshMs });
  const close = () => setChosen(null);
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Clusters</h1>
        {may && <Button size="compact-sm" onClick={dialog.open}>Add a cluster</Button>}
      </div>
      <Panel title="Connected" aside={data?.waitingFor ? `waiting for ${data.waitingFor}` : undefined}>
        {!data && error ? <Trouble error={error} what="the clusters" retry={() => void refetch()} />
          : !data ? <LoadingRows rows={2} />
          : data.clusters.length === 0 ? <StatePicture kind="empty" title="No cluster yet" say={data.waitingFor ? `The file ${data.waitingFor} that KUBECONFIG names is not there yet; its clusters appear when it is.` : "An administrator adds one by its kubeconfig."} />
          : <Rows rows={data.clusters} onChoose={may ? setChosen : null} />}
      </Panel>
      <AddCluster opened={adding} onClose={dialog.close} />
      {chosen?.act === "rename" && <RenameCluster one={chosen.one} onClose={close} />}
      {chosen?.act === "remove" && <RemoveCluster one={chosen.one} onClose={close} />}
    </div>
  );
}

const tone = { live: css.succeeded, connecting: css.unfinished, stale: css.denied, unreachable: css.failed };

function Rows({ rows, onChoose }: { rows: ClusterRow[]; onChoose: ((choice: { act: "rename" | "remove"; one: ClusterRow }) => void) | null }) {
  const addressed = rows.some(({ server }) => server !== null);
  return (
    <div className={css.scroll} role="region" aria-label="Clusters" tabIndex={0}>
      <table className={css.table}>
        <thead><tr><th>Title</th><th>Short name</th><th>State</th>{addressed && <th>API server</th>}<th>Version</th><th>From</th>{onChoose && <th className={css.end}>Acts</th>}</tr></thead>
        <tbody>
          {rows.map((one) => (
            <tr key={one.slug}>
              <td><Link href={`/clusters/${encodeURIComponent(one.slug)}`}>{one.title}</Link></td>
              <td className={css.mono}>{one.slug}</td>
              <td className={css.wrap}><span className={tone[one.state]}>{one.state}</span>{one.say && <span className={css.dim}> · {one.say}</span>}</td>
              {addressed && <td className={css.mono}>{one.server || "–"}</td>}
              <td className={css.mono}>{one.version ?? "–"}</td>
              <td className={css.dim}>{one.source === "environment" ? "KUBECONFIG" : "added here"}</td>
              {onChoose && (
                <td className={css.end}>
                  <Menu position="bottom-end">
                    <Menu.Target><Button size="compact-xs" variant="default" aria-label={`Acts for ${one.title}`}>…</Button></Menu.Target>
                    <Menu.Dropdown>
                      <Menu.Item onClick={() => onChoose({ act: "rename", one })}>Rename</Menu.Item>
                      {one.source === "uploaded" && <Menu.Item color="red" onClick={() => onChoose({ act: "remove", one })}>Remove</Menu.Item>}
                    </Menu.Dropdown>
                  </Menu>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
