// GET: the console's own metrics, in the text that Prometheus reads; with the API key of a viewer.
import { endpoint } from "@/lib/access/endpoint";
import { ownMetrics } from "@/lib/status/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(ownMetrics, () => ({}));
