// POST {expression}: the expression laid out as Prometheus does it.
import { endpoint } from "@/lib/access/endpoint";
import { laidOut } from "@/lib/metrics/service/explore";

export const dynamic = "force-dynamic";

export const POST = endpoint(laidOut);
