// What a node is: the machine under it, taints, labels, versions, figures that could not be read.
import { CopyButton } from "@/components/ui/copy-button";
import type { NodeRow } from "@/lib/placement/model";
import type { z } from "zod";
import css from "./drawer.module.css";
import { type nodeAnswer, nodeObject } from "./wire";

export function NodeSheet({ node, answer }: { node: NodeRow; answer: z.infer<typeof nodeAnswer> }) {
  const { metadata, spec, status } = nodeObject.parse(answer.object);
  const { instance } = answer;
  return (
    <>
      <h3 className={css.section}>Machine</h3>
      <dl className={css.facts}>
        <dt>providerID</dt><dd>{spec.providerID || "none"} {spec.providerID && <CopyButton text={spec.providerID} what="the providerID" />}</dd>
        <dt>EC2 instance</dt><dd>{instance ? `${instance.id} · ${instance.type} · ${instance.state} · ${instance.zone}` : "not known: no AWS answer for this providerID"}</dd>
        {instance?.privateIp && <><dt>private address</dt><dd>{instance.privateIp}</dd></>}
        {instance?.say && <><dt>note</dt><dd>{instance.say}</dd></>}
        <dt>addresses</dt><dd>{status.addresses.map(({ type, address }) => `${type} ${address}`).join(", ") || "none"}</dd>
        <dt>system</dt><dd>{[status.nodeInfo.osImage, status.nodeInfo.kernelVersion, status.nodeInfo.containerRuntimeVersion].filter(Boolean).join(" · ") || "not reported"}</dd>
        <dt>capacity</dt><dd>{written(status.capacity)}</dd>
        <dt>allocatable</dt><dd>{written(status.allocatable)}</dd>
        {node.broken.length > 0 && <><dt>unreadable</dt><dd>{node.broken.join(", ")}</dd></>}
      </dl>
      <h3 className={css.section}>Taints</h3>
      <Chips texts={spec.taints.map(({ key, value, effect }) => `${key}${value && `=${value}`}:${effect}`)} none="none: any pod may come" />
      <h3 className={css.section}>Labels</h3>
      <Chips texts={Object.entries(metadata.labels).map(([key, value]) => `${key}=${value}`).sort()} none="none" />
    </>
  );
}

function Chips({ texts, none }: { texts: readonly string[]; none: string }) {
  if (texts.length === 0) return <p className={css.sub}>{none}</p>;
  return <div className={css.chips}>{texts.map((text) => <span key={text} className={css.chip}>{text}</span>)}</div>;
}

function written(quantities: Readonly<Record<string, string>>): string {
  return ["cpu", "memory", "pods", "ephemeral-storage"].flatMap((name) => (quantities[name] ? `${name} ${quantities[name]}` : [])).join(", ") || "not reported";
}
