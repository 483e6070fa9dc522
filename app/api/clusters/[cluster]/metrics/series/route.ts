// POST {match}: series that a selector finds, for completion.
import { endpoint } from "@/lib/access/endpoint";
import { seriesOf } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const POST = endpoint(seriesOf);
