// What the sandbox's Prometheus is told: what to scrape, how often, with which certificates.
import { renameSync, writeFileSync } from "node:fs";
import type { ScrapeTarget } from "../traffic/server.ts";

/** A part of the control plane that serves /metrics itself. */
export interface ControlPlanePart {
  /** Named as kube-prometheus-stack names it: apiserver, kube-etcd, kube-scheduler, kube-controller-manager. */
  job: string;
  url: string;
  /** Files; absent for plain HTTP. Without `ca` the part's own certificate is taken as it is. */
  tls?: { ca?: string; cert: string; key: string };
}

export interface SettingsInput { targetsPath: string; rulesPath: string; controlPlane: readonly ControlPlanePart[]; /** How often the services are looked at. */ scrapeSeconds: number; alertmanagerUrl: string | null }

/** The API server alone has tens of thousands of series; these are what anybody asks of it. Only names that begin so are kept. */
const kept = "(apiserver_request_total|apiserver_request_duration_seconds_(bucket|sum|count)|apiserver_current_inflight_requests|apiserver_storage_objects|apiserver_longrunning_requests|etcd_server_.*|etcd_mvcc_db_.*|etcd_disk_(wal_fsync|backend_commit)_duration_seconds_.*|scheduler_(pending_pods|schedule_attempts_total|scheduling_attempt_duration_seconds_.*)|workqueue_(depth|adds_total|retries_total)|process_(resident_memory_bytes|cpu_seconds_total|start_time_seconds)|go_goroutines|up)";

function controlPlaneJob({ job, url, tls }: ControlPlanePart): object {
  const { protocol, host } = new URL(url);
  return {
    job_name: job, scheme: protocol.replace(":", ""), scrape_interval: "30s", scrape_timeout: "10s",
    ...(tls ? { tls_config: { cert_file: tls.cert, key_file: tls.key, ...(tls.ca ? { ca_file: tls.ca } : { insecure_skip_verify: true }) } } : {}),
    static_configs: [{ targets: [host] }],
    metric_relabel_configs: [
      { source_labels: ["__name__"], regex: kept, action: "keep" },
      // Watches never end: their durations say nothing and are half of the series.
      { source_labels: ["__name__", "verb"], regex: "apiserver_request_duration_seconds_.*;(WATCH|CONNECT)", action: "drop" },
    ],
  };
}

/** JSON is YAML, and needs no writer. */
export function settingsText({ targetsPath, rulesPath, controlPlane, scrapeSeconds, alertmanagerUrl }: SettingsInput): string {
  return JSON.stringify({
    global: { scrape_interval: `${scrapeSeconds * 1000}ms`, scrape_timeout: `${Math.min(5, scrapeSeconds) * 1000}ms`, evaluation_interval: "15s", external_labels: { origin: "quarterdeck-sandbox" } },
    rule_files: [rulesPath],
    ...(alertmanagerUrl === null ? {} : { alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanagerUrl).host] }] }] } }),
    scrape_configs: [
      { job_name: "world", honor_labels: true, file_sd_configs: [{ files: [targetsPath], refresh_interval: "30s" }] },
      ...controlPlane.map(controlPlaneJob),
    ],
  }, null, 2);
}

/** Put in place whole: Prometheus reads the file whenever it changes. */
export function writeTargets(path: string, exporterUrl: string, targets: readonly ScrapeTarget[]): void {
  const { host } = new URL(exporterUrl);
  const groups = targets.map((target) => ({ targets: [host], labels: { ...target.labels, __metrics_path__: encodeURI(target.path) } }));
  writeFileSync(`${path}.new`, JSON.stringify(groups));
  renameSync(`${path}.new`, path);
}
