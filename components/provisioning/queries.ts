// What provisioning's pages ask the server and what they tell it.
import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import type { Blueprint, Change } from "@/lib/provisioning/model";
import { fetchJson, jsonBody, postJson } from "../live/fetch-json";
import { blueprintAnswer, certificatesAnswer, changeAnswer, kubeconfigAnswer, listAnswer, planAnswer, presetsAnswer, refusedBuild, savedAnswer, sourcesAnswer, teardownAnswer, jobStarted } from "./wire";

const path = (name: string): string => `/api/provisioning/blueprints/${encodeURIComponent(name)}`;
export const pagePath = (name: string): string => `/provisioning/${encodeURIComponent(name)}`;
const lookAgainMs = 15_000;

export const blueprintsQuery = queryOptions({ queryKey: ["provisioning", "list"], queryFn: ({ signal }) => fetchJson("/api/provisioning/blueprints", listAnswer, { signal }), refetchInterval: lookAgainMs });
export const presetsQuery = queryOptions({ queryKey: ["provisioning", "presets"], queryFn: ({ signal }) => fetchJson("/api/provisioning/presets", presetsAnswer, { signal }), staleTime: 60_000 });
export const sourcesQuery = queryOptions({ queryKey: ["provisioning", "sources"], queryFn: ({ signal }) => fetchJson("/api/provisioning/sources", sourcesAnswer, { signal }), staleTime: 60_000 });
export const blueprintQuery = (name: string) => queryOptions({ queryKey: ["provisioning", "blueprint", name], queryFn: ({ signal }) => fetchJson(path(name), blueprintAnswer, { signal }), refetchOnWindowFocus: false });
/** Looks at AWS each time; whoever reads it is not moved under their eyes. */
export const planQuery = (name: string) => queryOptions({ queryKey: ["provisioning", "plan", name], queryFn: ({ signal }) => fetchJson(`${path(name)}/plan`, planAnswer, { signal }), refetchOnWindowFocus: false, retry: false });
export const teardownQuery = (name: string) => queryOptions({ queryKey: ["provisioning", "teardown", name], queryFn: ({ signal }) => fetchJson(`${path(name)}/teardown`, teardownAnswer, { signal }), refetchOnWindowFocus: false, retry: false });

export const saveBlueprint = (blueprint: Blueprint, over: number) =>
  fetchJson(path(blueprint.name), savedAnswer, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify({ blueprint, over }) });
export const deleteBlueprint = (name: string) => fetchJson(path(name), z.object({}), { method: "DELETE", headers: { "content-type": "application/json" }, body: "{}" });
export const startBuild = (name: string, digest: string) => postJson(`${path(name)}/build`, refusedBuild, { digest });
export const startTeardown = (name: string, body: { digest: string; typed: string; volumes: "keep" | "delete" }) => postJson(`${path(name)}/teardown`, jobStarted, body);

/** Looks at AWS, too: what one change of the living cluster would do. */
export const changeQuery = (name: string, change: Change) => queryOptions({ queryKey: ["provisioning", "change", name, change], queryFn: ({ signal }) => fetchJson(`${path(name)}/change/plan`, changeAnswer, { ...jsonBody({ change }), signal }), refetchOnWindowFocus: false, retry: false, staleTime: 0, gcTime: 0 });
export const certificatesQuery = (name: string) => queryOptions({ queryKey: ["provisioning", "certificates", name], queryFn: ({ signal }) => fetchJson(`${path(name)}/certificates`, certificatesAnswer, { signal }), staleTime: 60_000, retry: false });
export const startChange = (name: string, body: { change: Change; digest: string; consent: { emptyDir: boolean; bare: boolean }; typed: string }) => postJson(`${path(name)}/change`, jobStarted, body);
export const startRenewal = (name: string) => postJson(`${path(name)}/certificates`, jobStarted, {});
export const startRotation = (name: string) => postJson(`${path(name)}/join`, jobStarted, {});
/** The answer is a secret: it is handed on to a file and kept nowhere. */
export const askKubeconfig = (name: string, hours: number) => postJson(`${path(name)}/kubeconfig`, kubeconfigAnswer, { hours });
