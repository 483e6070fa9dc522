// What the console asks of a status page behind the sign-in, and the words for it.
import { useQuery } from "@tanstack/react-query";
import { z } from "zod";
import { audiences, impacts, incidentStatuses, shownService } from "@/lib/status/model";
import { fetchJson } from "../../live/fetch-json";

const told = z.object({ id: z.string(), at: z.number(), status: z.enum(incidentStatuses), body: z.string() });
const incident = z.object({
  id: z.string(), number: z.number(), title: z.string(), impact: z.enum(impacts), status: z.enum(incidentStatuses), services: z.array(z.string()), startedAt: z.number(), resolvedAt: z.number().nullable(),
  postMortem: z.string(), cause: z.string(), createdBy: z.string(), updates: z.array(told),
});
export type OfficeIncident = z.infer<typeof incident>;

const office = z.object({
  settings: z.object({ published: z.boolean(), audience: z.enum(audiences), title: z.string(), services: z.array(shownService), queues: z.record(z.string(), z.number()) }),
  services: z.array(z.object({ id: z.string(), name: z.string(), tier: z.number() })),
  incidents: z.array(incident),
  maintenance: z.array(z.object({ id: z.string(), title: z.string(), body: z.string(), services: z.array(z.string()), startsAt: z.number(), endsAt: z.number() })),
  probes: z.array(z.object({ id: z.string(), service: z.string(), title: z.string(), tier: z.number(), results: z.array(z.object({ ok: z.boolean(), say: z.string(), at: z.number(), tookMs: z.number() })) })),
  hooks: z.array(z.object({ id: z.string(), host: z.string(), createdBy: z.string(), deliveries: z.array(z.object({ event: z.string(), attempt: z.number(), say: z.string(), state: z.string(), at: z.number() })) })),
});
export type Office = z.infer<typeof office>;

export const officeUrl = (cluster: string): string => `/api/clusters/${encodeURIComponent(cluster)}/status`;

export function useOffice(cluster: string) {
  return useQuery({ queryKey: ["status-office", cluster], queryFn: ({ signal }) => fetchJson(officeUrl(cluster), office, { signal }), refetchInterval: 15_000 });
}

export const officeReads = ["status-office"];
