// The pages that the rail and the palette lead to, in their order, each with the permission that opens it.
import { IconActivity, IconArrowsSplit2, IconBroadcast, IconChartLine, IconFileText, IconHeartbeat, IconKey, IconLayoutGrid, IconList, type IconProps, IconRoute, IconServer2, IconStack2, IconStack3, IconUpload } from "@tabler/icons-react";
import type { ComponentType } from "react";
import type { Permission } from "@/lib/access/model";

export interface NavItem {
  label: string;
  icon: ComponentType<IconProps>;
  /** Address, given the cluster that is looked at. */
  href: (cluster: string) => string;
  needs?: Permission;
  /** Further addresses under which the item is the current one. */
  exact?: boolean;
}

export const clusterPages: readonly NavItem[] = [
  { label: "Overview", icon: IconLayoutGrid, href: (cluster) => `/clusters/${cluster}`, exact: true },
  { label: "Placement", icon: IconStack2, href: (cluster) => `/clusters/${cluster}/placement` },
  { label: "Metrics", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics` },
  { label: "Canary", icon: IconArrowsSplit2, href: (cluster) => `/clusters/${cluster}/canary` },
  { label: "Deployments", icon: IconUpload, href: (cluster) => `/clusters/${cluster}/deployments` },
  { label: "Routes", icon: IconRoute, href: (cluster) => `/clusters/${cluster}/routes` },
  { label: "Health", icon: IconHeartbeat, href: (cluster) => `/clusters/${cluster}/health` },
  { label: "Status", icon: IconBroadcast, href: (cluster) => `/clusters/${cluster}/status` },
];

export const consolePages: readonly NavItem[] = [
  { label: "Provisioning", icon: IconStack3, href: () => "/provisioning", needs: "provisioning.read" },
  { label: "Jobs", icon: IconList, href: () => "/jobs", needs: "job.read" },
  { label: "Audit", icon: IconFileText, href: () => "/audit", needs: "audit.read" },
  { label: "Access", icon: IconKey, href: () => "/access", needs: "people.manage" },
  { label: "Clusters", icon: IconServer2, href: () => "/clusters", exact: true },
];

/** Pages inside Placement and Metrics, for the palette. */
export const innerPages: readonly NavItem[] = [
  { label: "Placement: map", icon: IconStack2, href: (cluster) => `/clusters/${cluster}/placement` },
  { label: "Placement: table", icon: IconList, href: (cluster) => `/clusters/${cluster}/placement/table` },
  { label: "Placement: drift", icon: IconActivity, href: (cluster) => `/clusters/${cluster}/placement/drift` },
  { label: "Placement: what-if", icon: IconStack2, href: (cluster) => `/clusters/${cluster}/placement/what-if` },
  { label: "Metrics: tier 1", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/tier/1` },
  { label: "Metrics: tier 2", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/tier/2` },
  { label: "Metrics: tier 3", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/tier/3` },
  { label: "Metrics: tier 4", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/tier/4` },
  { label: "Metrics: explorer", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/explorer` },
  { label: "Metrics: alerts", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/alerts` },
  { label: "Health: history", icon: IconHeartbeat, href: (cluster) => `/clusters/${cluster}/health/history` },
  { label: "Health: catalogue of failures", icon: IconHeartbeat, href: (cluster) => `/clusters/${cluster}/health/catalogue` },
  { label: "Metrics: targets", icon: IconChartLine, href: (cluster) => `/clusters/${cluster}/metrics/targets` },
  { label: "Canary: history", icon: IconArrowsSplit2, href: (cluster) => `/clusters/${cluster}/canary/history` },
  { label: "Canary: planner", icon: IconArrowsSplit2, href: (cluster) => `/clusters/${cluster}/canary/planner` },
  { label: "Deployments: DORA", icon: IconUpload, href: (cluster) => `/clusters/${cluster}/deployments/dora` },
  { label: "Deployments: builds and webhooks", icon: IconUpload, href: (cluster) => `/clusters/${cluster}/deployments/builds` },
];
