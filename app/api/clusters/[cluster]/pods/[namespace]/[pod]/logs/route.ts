// GET: log lines as events; ?container=, ?follow=, ?previous=, ?tail=, ?all=true for every pod of the workload together.
import { streamEndpoint } from "@/lib/access/endpoint";
import { podLogs } from "@/lib/placement/service/logs";

export const dynamic = "force-dynamic";

export const GET = streamEndpoint(podLogs);
