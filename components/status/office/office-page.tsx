"use client";
// The console's side of a status page: incidents first, then maintenance, what is published, and where the console goes out to.
import { Anchor } from "@mantine/core";
import { useMay } from "../../shell/queries";
import { Answer } from "../../live/answer";
import css from "../../access/access.module.css";
import { IncidentsPanel } from "./incidents-panel";
import { MaintenancePanel } from "./maintenance-panel";
import { OutgoingPanels } from "./outgoing-panels";
import { PublishPanel } from "./publish-panel";
import { useOffice } from "./queries";

export function StatusOfficePage({ cluster }: { cluster: string }) {
  const query = useOffice(cluster);
  const { data } = query;
  const [mayWrite, mayPublish, mayGoOut] = [useMay("incident.write"), useMay("status.publish"), useMay("status.outgoing")];
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Status page</h1>
        {data?.settings.published && <Anchor size="sm" href={`/status/${cluster}`} target="_blank">Open the page ({data.settings.audience === "public" ? "open to everybody" : "for whoever is signed in"})</Anchor>}
      </div>
      <Answer query={query} what="the status page" rows={8}>{(office) => (
        <>
          <IncidentsPanel cluster={cluster} office={office} may={mayWrite} />
          <MaintenancePanel cluster={cluster} office={office} may={mayWrite} />
          <PublishPanel key={JSON.stringify(office.settings)} cluster={cluster} office={office} may={mayPublish} />
          {mayGoOut && <OutgoingPanels cluster={cluster} office={office} />}
        </>
      )}</Answer>
    </div>
  );
}
