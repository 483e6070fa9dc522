// POST {expression, start, end, stepMs?, peaks?}: a free expression over time, on a grid.
import { endpoint } from "@/lib/access/endpoint";
import { rangeChart } from "@/lib/metrics/service/charts";

export const dynamic = "force-dynamic";

export const POST = endpoint(rangeChart);
