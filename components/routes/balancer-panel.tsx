"use client";
// One load balancer: its names, its listeners, and its rules in the order in which they are tried, each down to the pods.
import Link from "next/link";
import { balancerFor, follow, readAddress } from "@/lib/routes/follow";
import type { Balancer, RuleHop } from "@/lib/routes/model";
import { placementHref } from "../placement/address";
import { FindingsAbout } from "../diagnostics/findings-about";
import { PodMark } from "../placement/pod-mark";
import { TierBadge } from "../placement/tier-badge";
import { CopyButton } from "../ui/copy-button";
import { Panel } from "../ui/panel";
import { hopMarks, hopWords } from "./marks";
import css from "./balancer-panel.module.css";

export function BalancerPanel({ balancer, cluster, asked }: { balancer: Balancer; cluster: string; asked: string }) {
  const { title, scheme, rules, fallback, names, address, state, say, listeners, isAlb } = balancer;
  const at = readAddress(asked);
  const taken = at && balancerFor([balancer], at) ? follow([balancer], at).rule : null;
  return (
    <Panel title={<><PodMark state={hopMarks[state]} size={11} label={hopWords[state]} /> {title}</>} aside={[scheme, `${rules.length} rules`].filter((one) => one !== "").join(" · ")}>
      <dl className={css.facts}>
        <dt>Address</dt><dd>{address ? <><code>{address}</code> <CopyButton text={address} what="the address" /></> : "none"} <span className={css.dim}>{say}</span></dd>
        {names.map((name) => <Fact key={name.host} label="Name" state={name.state} value={name.host} say={[name.say, name.answers.join(", ")].filter((one) => one !== "").join(" · ")} />)}
        {listeners.map(({ port, protocol, redirectsTo, certificate, state: how, say: why }) => (
          <Fact key={port} label="Listener" state={how} value={`${protocol} ${port}`} say={redirectsTo ? `redirects to ${redirectsTo}` : certificate ? `certificate for ${certificate.names.join(", ")}, until ${new Date(certificate.endsAt).toISOString().slice(0, 10)}` : why} />
        ))}
      </dl>
      {!isAlb && <p className={css.note}>Not of the AWS controller: which rule wins is its own controller&apos;s affair; they stand longest path first.</p>}
      <ol className={css.rules} aria-label={`Rules of ${title} in the order in which they are tried`}>
        {rules.map((rule) => <Rule key={`${rule.n}`} rule={rule} cluster={cluster} marked={taken === rule} />)}
        {fallback && <Rule rule={fallback} cluster={cluster} marked={taken === fallback} />}
      </ol>
    </Panel>
  );
}

function Fact({ label, value, state, say }: { label: string; value: string; state: keyof typeof hopMarks; say: string }) {
  return <><dt>{label}</dt><dd><PodMark state={hopMarks[state]} size={10} label={hopWords[state]} /> <b>{value}</b> <span className={css.dim}>{say}</span></dd></>;
}

function Rule({ rule, cluster, marked }: { rule: RuleHop; cluster: string; marked: boolean }) {
  const { n, host, path, pathType, service, pods, state, say, ingress } = rule;
  return (
    <li className={css.rule} data-marked={marked || undefined}>
      <details open={marked || undefined}>
        <summary>
          <span className={css.n}>{n === 0 ? "–" : n}</span>
          <PodMark state={hopMarks[state]} size={11} label={hopWords[state]} />
          <code className={css.path} title={`${host || "any host"}, ${pathType}`}>{n === 0 ? "everything else" : path || "/"}</code>
          <code className={css.service}>{service.key}:{service.port}{service.nodePort > 0 && <span className={css.dim}> → {service.nodePort}</span>}</code>
          <span className={css.pods}>{pods.slice(0, 8).map((pod) => <PodMark key={pod.key} state={hopMarks[pod.state]} size={10} />)} {pods.filter(({ ready }) => ready).length}/{pods.length}</span>
          <span className={css.say}>{say}</span>
        </summary>
        <RuleDetail rule={rule} cluster={cluster} />
      </details>
      <span className={css.from} title="The Ingress it comes from">{ingress}</span>
    </li>
  );
}

function RuleDetail({ rule: { nodes, pods, health, targetType, protocol, order, host, patterns, ingress, service }, cluster }: { rule: RuleHop; cluster: string }) {
  return (
    <div className={css.detail}>
      <FindingsAbout cluster={cluster} subjects={[{ kind: "ingress", key: ingress }, { kind: "service", key: service.key }]} />
      <p className={css.dim}>Host {host || "any"}; matches {patterns.join(" and ")}; group order {order}; target-type {targetType}, {protocol}; health check {health.path}{health.given ? "" : " (not given)"} answers {health.codes}.</p>
      {nodes.length > 0 && (
        <ul className={css.hops} aria-label="Targets">
          {nodes.map((node) => <li key={node.node}><TierBadge tier={node.tier} size={14} /> <Link href={placementHref(cluster, "", { node: node.node })} prefetch={false}>{node.node}</Link><code>:{node.port}</code> <span data-health={node.state}>{node.state}</span> <span className={css.dim}>{node.reason}{node.pods > 0 ? ` ${node.pods} of its pods here` : ""}</span></li>)}
        </ul>
      )}
      <ul className={css.hops} aria-label="Pods">
        {pods.map((pod) => <li key={pod.key}><TierBadge tier={pod.tier} size={14} /> <PodMark state={hopMarks[pod.state]} size={10} label={pod.ready ? "ready" : "not ready"} /> <Link href={placementHref(cluster, "", { pod: pod.key })} prefetch={false}>{pod.key}</Link> <span className={css.dim}>on {pod.node || "no node"}</span></li>)}
        {pods.length === 0 && <li className={css.dim}>No pod answers to its selector.</li>}
      </ul>
    </div>
  );
}
