// GET [?metric]: type and help of metrics.
import { endpoint } from "@/lib/access/endpoint";
import { metricMeanings } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const GET = endpoint(metricMeanings);
