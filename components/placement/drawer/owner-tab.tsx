// Who made a pod, from the nearest owner up.
import { StatePicture } from "@/components/ui/state-picture";
import css from "./drawer.module.css";
import type { PodAnswer, WirePod } from "./wire";

export function OwnerTab({ answer, pod, slug }: { answer: PodAnswer; pod: WirePod; slug: string }) {
  const owners = answer.owners.length > 0 ? answer.owners : pod.metadata.ownerReferences.map(({ kind, name }) => ({ kind, name, ready: "" }));
  if (owners.length === 0) return <StatePicture kind="empty" title="Nobody owns this pod" say="No controller will make it again when it goes." />;
  const table = `/clusters/${encodeURIComponent(slug)}/placement/table`;
  return (
    <>
      <div className={css.box}>
        {[...owners].reverse().map((owner, depth) => (
          <div key={`${owner.kind}/${owner.name}`} className={css.boxRow} style={{ paddingLeft: 10 + depth * 16 }}>
            <div className={css.rowHead}>
              <span className={css.sub}>{owner.kind}</span>
              <b className={css.mono}>{owner.name}</b>
              <span className={css.push}>{owner.ready}</span>
            </div>
          </div>
        ))}
        <div className={css.boxRow} style={{ paddingLeft: 10 + owners.length * 16 }}>
          <div className={css.rowHead}><span className={css.sub}>Pod</span><b className={css.mono}>{pod.metadata.name}</b></div>
        </div>
      </div>
      <p className={css.sub}><a href={`${table}?filter=${encodeURIComponent(`ns:${pod.metadata.namespace} workload:${owners.at(-1)?.name ?? ""}`)}`}>All pods of this workload in the table</a></p>
    </>
  );
}
