// GET: what machines and pods use now, by Prometheus; or why that is not known.
import { endpoint } from "@/lib/access/endpoint";
import { clusterUsage } from "@/lib/metrics/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(clusterUsage);
