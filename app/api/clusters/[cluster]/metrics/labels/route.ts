// GET [?match]: names of labels, for completion.
import { endpoint } from "@/lib/access/endpoint";
import { labelNames } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const GET = endpoint(labelNames);
