"use client";
// A typed path followed hop by hop, with one sentence that can be copied and each hop's state beneath.
import { TextInput } from "@mantine/core";
import { follow, readAddress } from "@/lib/routes/follow";
import type { Balancer } from "@/lib/routes/model";
import { PodMark } from "../placement/pod-mark";
import { CopyButton } from "../ui/copy-button";
import { Panel } from "../ui/panel";
import { hopMarks, hopWords } from "./marks";
import css from "./follow-panel.module.css";

export function FollowPanel({ balancers, path, onPath, cluster }: { balancers: readonly Balancer[]; path: string; onPath: (text: string) => void; cluster: string }) {
  const at = readAddress(path);
  const followed = at ? follow(balancers, at) : null;
  return (
    <Panel title="Follow a path" flush={false}>
      <TextInput size="xs" className={css.field} value={path} onChange={({ currentTarget }) => onPath(currentTarget.value)} placeholder="/api/v1/auth/login or https://growbin.app/grafana" aria-label="A path or an address" spellCheck={false} />
      {path !== "" && !at && <p className={css.say}>That is no path: write it like /api/v1/auth/login.</p>}
      {followed && (
        <>
          <p className={css.sentence} role="status"><code>{followed.sentence}</code> <CopyButton text={followed.sentence} what="the way" /></p>
          <ol className={css.steps} aria-label={`The way of ${followed.path} in ${cluster}`}>
            {followed.steps.map(({ hop, title, say, state }, index) => (
              <li key={index} data-state={state}>
                <PodMark state={hopMarks[state]} size={11} label={hopWords[state]} />
                <span className={css.kind}>{hop}</span>
                <b>{title}</b>
                <span className={css.say}>{say}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </Panel>
  );
}
