// GET: alerts in the order in which to look at them, and the rules behind them.
import { endpoint } from "@/lib/access/endpoint";
import { alertsNow } from "@/lib/metrics/service/watch";

export const dynamic = "force-dynamic";

export const GET = endpoint(alertsNow);
