// GET: queries that people keep for this cluster. POST {name, expression}: keeps one.
import { endpoint } from "@/lib/access/endpoint";
import { savedQueries, saveQuery } from "@/lib/metrics/service/saved";

export const dynamic = "force-dynamic";

export const GET = endpoint(savedQueries);
export const POST = endpoint(saveQuery);
