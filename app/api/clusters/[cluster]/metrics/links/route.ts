// GET: what stands beside Prometheus: its version with what it can, and where Grafana is.
import { endpoint } from "@/lib/access/endpoint";
import { metricsLinks } from "@/lib/metrics/service/links";

export const dynamic = "force-dynamic";

export const GET = endpoint(metricsLinks);
