"use client";
// The console's side of a status page: incidents first, then maintenance, what is published, and where the console goes out to.
import { Anchor } from "@mantine/core";
import { useMay } from "../../shell/queries";
import { LoadingRows, StatePicture } from "../../ui/state-picture";
import css from "../../access/access.module.css";
import { IncidentsPanel } from "./incidents-panel";
import { MaintenancePanel } from "./maintenance-panel";
import { OutgoingPanels } from "./outgoing-panels";
import { PublishPanel } from "./publish-panel";
import { useOffice } from "./queries";

export function StatusOfficePage({ cluster }: { cluster: string }) {
  const { data, error } = useOffice(cluster);
  const [mayWrite, mayPublish, mayGoOut] = [useMay("incident.write"), useMay("status.publish"), useMay("status.outgoing")];
  return (
    <div className={css.page}>
      <div className={css.head}>
        <h1 className={css.title}>Status page</h1>
        {data?.settings.published && <Anchor size="sm" href={`/status/${cluster}`} target="_blank">Open the page ({data.settings.audience === "public" ? "open to everybody" : "for whoever is signed in"})</Anchor>}
      </div>
      {error ? <StatePicture kind="broken" title="The status page could not be read" say={error.message} /> : !data ? <LoadingRows rows={8} /> : (
        <>
          <IncidentsPanel cluster={cluster} office={data} may={mayWrite} />
          <MaintenancePanel cluster={cluster} office={data} may={mayWrite} />
          <PublishPanel key={JSON.stringify(data.settings)} cluster={cluster} office={data} may={mayPublish} />
          {mayGoOut && <OutgoingPanels cluster={cluster} office={data} />}
        </>
      )}
    </div>
  );
}
