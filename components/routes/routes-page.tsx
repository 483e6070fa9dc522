"use client";
// Routes: a path followed from name to pod, every load balancer with its rules in order, the checks, and the network beneath.
import { parseAsString, useQueryState } from "nuqs";
import { Answer } from "../live/answer";
import { Panel } from "../ui/panel";
import { StatePicture } from "../ui/state-picture";
import { Why } from "../diagnostics/why";
import { BalancerPanel } from "./balancer-panel";
import { FindingList } from "./finding-list";
import { FollowPanel } from "./follow-panel";
import { NetworkPanel } from "./network-panel";
import { useRoutes } from "./queries";
import css from "./routes-page.module.css";

export function RoutesPage({ cluster }: { cluster: string }) {
  const query = useRoutes(cluster);
  const [path, setPath] = useQueryState("path", parseAsString.withDefault(""));
  return (
    <div className={css.page}>
      <header className={css.head}>
        <h1>Routes</h1>
        <p>From a name to the pods that answer, rule by rule.</p>
      </header>
      <Answer query={query} what="the routes">
        {({ balancers, findings, sources, network }) => (
          <>
            <FollowPanel balancers={balancers} path={path} onPath={(text) => void setPath(text || null)} cluster={cluster} />
            {sources.filter(({ state }) => state === "failing").map(({ name, say }) => <p key={name} className={css.note}>{name} is not known: {say}</p>)}
            {balancers.length === 0 && <StatePicture kind="empty" title="No Ingress leads into this cluster" say="An Ingress with the class of a load balancer controller makes one; its rules stand here from then on." />}
            {balancers.map((one) => <BalancerPanel key={one.key} balancer={one} cluster={cluster} asked={path} />)}
            <Panel title="Checks" aside={findings.length === 0 ? "nothing found" : `${findings.length} found, worst first`}>
              {findings.length === 0 ? <StatePicture kind="empty" title="Nothing is wrong with the routes" say="Backends, paths, health checks, ports, certificates, classes and the network were checked." /> : <FindingList findings={findings} cluster={cluster} />}
            </Panel>
            <NetworkPanel network={network} />
            <section className={css.why} aria-label="Why it is built so"><Why topics={["node-port", "one-balancer", "vxlan"]} /></section>
          </>
        )}
      </Answer>
    </div>
  );
}
