// Each pod of a node before a drain: the nodes that would take it, or why none; the budget that blocks; what is lost.
import { PodMark } from "@/components/placement/pod-mark";
import css from "./drain-preview.module.css";
import type { WireDrainPreview } from "./wire";

type DrainPod = WireDrainPreview["pods"][number];

const leftAlone: Readonly<Record<string, string>> = { daemon: "a DaemonSet runs one on every node", static: "the kubelet runs it from a file", finished: "it has finished" };

export function DrainPreview({ preview }: { preview: WireDrainPreview }) {
  const moving = preview.pods.filter((pod) => !(pod.fate in leftAlone));
  const staying = preview.pods.length - moving.length;
  return (
    <>
      <p className={css.say}>{preview.say}</p>
      <div className={css.scroll} tabIndex={0} role="region" aria-label="What happens to each pod">
        <table className={css.table}>
          <thead><tr><th scope="col">Pod</th><th scope="col">Could go to</th><th scope="col">In the way</th></tr></thead>
          <tbody>
            {moving.map((pod) => (
              <tr key={pod.key}>
                <td className={css.name}>{pod.key}</td>
                <td data-head="could go to">{whereTo(pod)}</td>
                <td data-head="in the way"><Marks pod={pod} /></td>
              </tr>
            ))}
            {staying > 0 && <tr><td colSpan={3} className={css.quiet}>{staying} stay: {[...new Set(preview.pods.flatMap((pod) => leftAlone[pod.fate] ?? []))].join("; ")}.</td></tr>}
          </tbody>
        </table>
      </div>
    </>
  );
}

function whereTo(pod: DrainPod) {
  if (pod.fate === "bare") return <span className={css.bad}>nowhere: nobody makes it again</span>;
  if (pod.nowhere !== "") return <span className={css.bad}>nowhere. {pod.nowhere}</span>;
  return <span className={css.name}>{pod.nodes.slice(0, 3).join(", ")}{pod.nodes.length > 3 && ` and ${pod.nodes.length - 3} more`}</span>;
}

function Marks({ pod }: { pod: DrainPod }) {
  const marks = [
    pod.block ? pod.block.say : "",
    pod.lastReplica ? "the last ready replica: its service stops meanwhile" : "",
    pod.emptyDirs.length > 0 ? `emptyDir data lost: ${pod.emptyDirs.join(", ")}` : "",
  ].filter((text) => text !== "");
  if (marks.length === 0) return <span className={css.quiet}>nothing</span>;
  return marks.map((text) => <p key={text} className={css.mark}><PodMark state="warning" size={10} /> {text}</p>);
}
