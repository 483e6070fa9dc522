// What the drawers ask the server, with the keys under which the browser keeps the answers.
import { queryOptions } from "@tanstack/react-query";
import { fetchJson, postJson } from "@/components/live/fetch-json";
import { done, drainPreview, explainAnswer, jobStarted, nodeAnswer, podAnswer } from "./wire";

export const clusterPath = (slug: string) => `/api/clusters/${encodeURIComponent(slug)}`;
export const podPath = (slug: string, podKey: string) => `${clusterPath(slug)}/pods/${podKey.split("/").map(encodeURIComponent).join("/")}`;
export const nodePath = (slug: string, node: string) => `${clusterPath(slug)}/nodes/${encodeURIComponent(node)}`;

export const explainQuery = (slug: string, podKey: string) =>
  queryOptions({
    queryKey: ["placement", slug, "explain", podKey],
    queryFn: ({ signal }) => fetchJson(`${clusterPath(slug)}/explain?pod=${encodeURIComponent(podKey)}`, explainAnswer, { signal }),
    staleTime: 5000,
    refetchInterval: 10_000,
  });

export const podQuery = (slug: string, podKey: string) =>
  queryOptions({
    queryKey: ["placement", slug, "pod", podKey],
    queryFn: ({ signal }) => fetchJson(podPath(slug, podKey), podAnswer, { signal }),
    staleTime: 5000,
    refetchInterval: 10_000,
  });

export const nodeQuery = (slug: string, node: string) =>
  queryOptions({
    queryKey: ["placement", slug, "node", node],
    queryFn: ({ signal }) => fetchJson(nodePath(slug, node), nodeAnswer, { signal }),
    staleTime: 5000,
    refetchInterval: 15_000,
  });

export const deletePod = (slug: string, podKey: string, uid: string) => postJson(`${podPath(slug, podKey)}/delete`, done, { uid });
export const cordonNode = (slug: string, node: string, unschedulable: boolean) => postJson(`${nodePath(slug, node)}/${unschedulable ? "cordon" : "uncordon"}`, done, {});
export const drainNode = (slug: string, node: string, consent: { emptyDir: boolean; bare: boolean }) => postJson(`${nodePath(slug, node)}/drain`, jobStarted, { consent });

export const drainPreviewQuery = (slug: string, node: string) =>
  queryOptions({
    queryKey: ["placement", slug, "drain-preview", node],
    queryFn: ({ signal }) => fetchJson(`${nodePath(slug, node)}/drain-preview`, drainPreview, { signal }),
    staleTime: 2000,
    refetchInterval: 5000,
  });
