// GET: how much a workload is asked and how much of it goes wrong, for the planner.
import { endpoint } from "@/lib/access/endpoint";
import { workloadTraffic } from "@/lib/canary/service/traffic";

export const dynamic = "force-dynamic";

export const GET = endpoint(workloadTraffic);
