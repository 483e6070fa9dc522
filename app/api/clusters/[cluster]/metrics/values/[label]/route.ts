// GET [?match]: values of a label, for completion.
import { endpoint } from "@/lib/access/endpoint";
import { labelValues } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const GET = endpoint(labelValues);
