// The volumes of a pod: what each is made of, and for claims whether it is bound and waits for a node.
import { StatePicture } from "@/components/ui/state-picture";
import { bytesText } from "@/lib/placement/units";
import css from "./drawer.module.css";
import type { PodAnswer, WirePod } from "./wire";

export function VolumesTab({ answer, pod }: { answer: PodAnswer; pod: WirePod }) {
  if (pod.spec.volumes.length === 0) return <StatePicture kind="empty" title="No volumes" />;
  return (
    <div className={css.box}>
      {pod.spec.volumes.map((volume) => {
        const { kind, text } = sourceOf(volume);
        const claim = answer.claims.find((one) => kind === "persistentVolumeClaim" && one.name === text);
        return (
          <div key={volume.name} className={css.boxRow}>
            <div className={css.rowHead}><b>{volume.name}</b><span className={css.push}>{words[kind] ?? kind}</span></div>
            {text && <span className={css.mono}>{text}</span>}
            {claim && <span className={css.sub}>{bytesText(claim.requestBytes)} · {claim.storageClass || "no class"} · {claim.phase}{claim.volume && ` to ${claim.volume}`}{claim.waits && " · waits until the pod has a node"}</span>}
          </div>
        );
      })}
    </div>
  );
}

const words: Readonly<Record<string, string>> = { persistentVolumeClaim: "claim", secret: "secret", configMap: "config map", emptyDir: "empty directory, lost with the pod", hostPath: "path of the node", projected: "projected" };

/** The first field beside the name says what kind of volume it is; its text names what is mounted. */
function sourceOf(volume: Record<string, unknown>): { kind: string; text: string } {
  for (const [kind, source] of Object.entries(volume)) {
    if (kind === "name" || typeof source !== "object" || source === null) continue;
    const named = Object.entries(source).find(([field, value]) => ["claimName", "secretName", "name", "path"].includes(field) && typeof value === "string");
    return { kind, text: named ? String(named[1]) : "" };
  }
  return { kind: "unknown", text: "" };
}
