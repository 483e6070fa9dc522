// GET: what Prometheus scrapes, what is down first.
import { endpoint } from "@/lib/access/endpoint";
import { targetsNow } from "@/lib/metrics/service/watch";

export const dynamic = "force-dynamic";

export const GET = endpoint(targetsNow);
