// Every resource of a cluster with its id on AWS and the way to it in AWS' own console.
import { consoleLink } from "@/lib/provisioning/console-link";
import { kindWords } from "@/lib/provisioning/plan/groups";
import type { PlanItem } from "@/lib/provisioning/plan/model";
import { CopyButton } from "../../ui/copy-button";
import { actMarks } from "../words";
import css from "./cluster-page.module.css";

export function ResourceTable({ items, region }: { items: readonly PlanItem[]; region: string }) {
  return (
    <div className={css.tableScroll} tabIndex={0} role="region" aria-label="Resources">
      <table className={css.table}>
        <thead><tr><th scope="col">Kind</th><th scope="col">Name</th><th scope="col">Id</th><th scope="col">Plan</th></tr></thead>
        <tbody>
          {items.map((item) => {
            const link = item.awsId === null ? null : consoleLink(item.kind, item.awsId, region);
            return (
              <tr key={`${item.id} ${item.awsId ?? ""}`} data-act={item.act}>
                <td>{kindWords[item.kind]}</td>
                <td className={css.mono}>{item.name}</td>
                <td className={css.mono}>{item.awsId === null ? "–" : <>{link ? <a href={link} target="_blank" rel="noreferrer" title="In AWS' console">{item.awsId}</a> : item.awsId} <CopyButton text={item.awsId} what={`id of ${item.name}`} /></>}</td>
                <td>{actMarks[item.act].word}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
