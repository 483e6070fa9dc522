"use client";
// Incidents in the console: suggested ones to take or put away, open ones to update and resolve, resolved ones to look back upon.
import { Button } from "@mantine/core";
import { useState } from "react";
import { When } from "../../access/when";
import css from "../../access/access.module.css";
import { nothing, useAct } from "../../access/use-act";
import { Panel } from "../../ui/panel";
import { StatePicture } from "../../ui/state-picture";
import { OpenIncident, PostMortem, UpdateIncident } from "./incident-dialogs";
import { officeReads, officeUrl, type Office, type OfficeIncident } from "./queries";

type Asked = { what: "open"; from: OfficeIncident | null } | { what: "update" | "post-mortem"; incident: OfficeIncident };

export function IncidentsPanel({ cluster, office, may }: { cluster: string; office: Office; may: boolean }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <Panel title="Incidents" aside={may && <Button size="compact-sm" onClick={() => setAsked({ what: "open", from: null })}>Open an incident</Button>}>
      {office.incidents.length === 0 ? <StatePicture kind="empty" title="No incidents" say="Critical alerts and failed rollouts are suggested here as drafts; what you open is told on the page." /> : (
        <div className={css.scroll} role="region" aria-label="Incidents" tabIndex={0}>
          <table className={css.table}>
            <thead><tr><th>Since</th><th>Incident</th><th>Impact</th><th>State</th><th>Last word</th><th>Acts</th></tr></thead>
            <tbody>{office.incidents.map((one) => <IncidentRow key={one.id} cluster={cluster} incident={one} may={may} onAsk={setAsked} />)}</tbody>
          </table>
        </div>
      )}
      {asked?.what === "open" && <OpenIncident cluster={cluster} services={office.services} from={asked.from} onClose={close} />}
      {asked?.what === "update" && <UpdateIncident cluster={cluster} incident={asked.incident} onClose={close} />}
      {asked?.what === "post-mortem" && <PostMortem cluster={cluster} incident={asked.incident} onClose={close} />}
    </Panel>
  );
}

function IncidentRow({ cluster, incident, may, onAsk }: { cluster: string; incident: OfficeIncident; may: boolean; onAsk: (asked: Asked) => void }) {
  const { id, title, impact, status, startedAt, services, updates, createdBy, cause } = incident;
  const dismiss = useAct(nothing, { reads: officeReads });
  const draft = status === "draft";
  return (
    <tr>
      <td className={css.mono}><When at={startedAt} /></td>
      <td className={css.wrap}>{title} <span className={css.dim}>{services.map((one) => one.split("/")[1]).join(", ")}{draft ? ` suggested by ${cause.replace(":", " ")}` : ` by ${createdBy}`}</span></td>
      <td>{impact}</td>
      <td className={draft ? css.unfinished : status === "resolved" ? css.succeeded : css.denied}>{draft ? "suggested" : status}</td>
      <td className={css.wrap}>{updates[0]?.body ?? ""}</td>
      <td>
        {may && (
          <div className={css.row}>
            {draft && <Button size="compact-xs" variant="default" aria-label={`Open ${title}`} onClick={() => onAsk({ what: "open", from: incident })}>Open it</Button>}
            {draft && <Button size="compact-xs" variant="default" aria-label={`Dismiss ${title}`} loading={dismiss.isPending} onClick={() => dismiss.mutate({ url: `${officeUrl(cluster)}/incidents/${id}/dismiss`, done: "The suggestion is put away." })}>Dismiss</Button>}
            {!draft && status !== "resolved" && <Button size="compact-xs" variant="default" aria-label={`Update ${title}`} onClick={() => onAsk({ what: "update", incident })}>Update</Button>}
            {status === "resolved" && <Button size="compact-xs" variant="default" aria-label={`Post-mortem of ${title}`} onClick={() => onAsk({ what: "post-mortem", incident })}>Post-mortem</Button>}
          </div>
        )}
      </td>
    </tr>
  );
}
