// GET ?start&end[&stepMs][&peaks]: one panel of a tier's dashboard, on a grid of times.
import { endpoint } from "@/lib/access/endpoint";
import { panelChart } from "@/lib/metrics/service/charts";

export const dynamic = "force-dynamic";

export const GET = endpoint(panelChart);
