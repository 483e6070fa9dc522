// The containers of a pod: image, state, restarts, what they ask and may take.
import css from "./drawer.module.css";
import type { WireContainer, WireContainerStatus, WirePod } from "./wire";

export function ContainersTab({ pod }: { pod: WirePod }) {
  const { containers, initContainers } = pod.spec;
  return (
    <>
      {initContainers.length > 0 && <List title="Before the start" containers={initContainers} statuses={pod.status.initContainerStatuses} />}
      <List title="Containers" containers={containers} statuses={pod.status.containerStatuses} />
    </>
  );
}

function List({ title, containers, statuses }: { title: string; containers: readonly WireContainer[]; statuses: readonly WireContainerStatus[] }) {
  return (
    <section aria-label={title}>
      <h3 className={css.section}>{title}</h3>
      <div className={css.box}>
        {containers.map((container) => <Row key={container.name} container={container} status={statuses.find((one) => one.name === container.name)} />)}
      </div>
    </section>
  );
}

function Row({ container, status }: { container: WireContainer; status: WireContainerStatus | undefined }) {
  const { requests, limits } = container.resources;
  const [state = "waiting", detail] = Object.entries(status?.state ?? {})[0] ?? [];
  const [, before] = Object.entries(status?.lastState ?? {})[0] ?? [];
  return (
    <div className={css.boxRow}>
      <div className={css.rowHead}>
        <b>{container.name}</b>
        <span className={css.push}>{status ? [detail?.reason || state, status.ready ? "ready" : "not ready", status.restartCount > 0 ? `${status.restartCount} restarts` : ""].filter(Boolean).join(" · ") : "not started"}</span>
      </div>
      <span className={css.mono}>{container.image}</span>
      <span className={css.sub}>
        asks {written(requests)} · limit {written(limits)}
      </span>
      {detail?.message && <span className={css.sub}>{detail.message}</span>}
      {before && <span className={css.sub}>before: {before.reason || "ended"}{before.exitCode !== null && `, exit ${before.exitCode}`}{before.finishedAt && `, ${before.finishedAt}`}</span>}
    </div>
  );
}

function written(quantities: Readonly<Record<string, string>>): string {
  return Object.entries(quantities).map(([name, value]) => `${name} ${value}`).join(", ") || "none";
}
