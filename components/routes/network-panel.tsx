// The network between pods at a glance: how Calico carries packets, and whether the ranges and ports fit.
import type { RoutesAnswer } from "@/lib/routes/model";
import { PodMark } from "../placement/pod-mark";
import { Panel } from "../ui/panel";
import { hopMarks, hopWords } from "./marks";
import css from "./network-panel.module.css";

export function NetworkPanel({ network }: { network: RoutesAnswer["network"] }) {
  return (
    <Panel title="Network between pods" aside="Calico">
      <ul className={css.rows}>
        {network.map(({ name, value, state, say }) => (
          <li key={name}><PodMark state={hopMarks[state]} size={11} label={hopWords[state]} /><span className={css.name}>{name}</span><b>{value}</b><span className={css.say}>{say}</span></li>
        ))}
      </ul>
    </Panel>
  );
}
