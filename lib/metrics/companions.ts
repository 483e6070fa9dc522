// Where Alertmanager and Grafana of a cluster are, as the environment says: one address for the first cluster of KUBECONFIG, or cluster=address pairs.

export function addressFor(setting: string, { cluster, isFirst }: { cluster: string; isFirst: boolean }): string | null {
  const parts = setting.split(/[\s,]+/).filter((part) => part !== "");
  const named = parts.find((part) => part.startsWith(`${cluster}=`))?.slice(cluster.length + 1);
  const said = named ?? (isFirst && parts.length === 1 && parts[0] !== undefined && !/^[a-z0-9-]+=/.test(parts[0]) ? parts[0] : "");
  return /^https?:\/\//.test(said) && URL.canParse(said) ? said.replace(/\/+$/, "") : null;
}

/** Grafana's explorer on the same question and time. Source: "Explore", Grafana documentation, URL structure with `panes`. */
export function grafanaLink(base: string, { expression, start, end }: { expression: string; start: number; end: number }): string {
  const pane = { datasource: "prometheus", queries: [{ refId: "A", expr: expression, datasource: { type: "prometheus" } }], range: { from: String(Math.floor(start)), to: String(Math.ceil(end)) } };
  return `${base}/explore?${new URLSearchParams({ schemaVersion: "1", panes: JSON.stringify({ q: pane }) })}`;
}
