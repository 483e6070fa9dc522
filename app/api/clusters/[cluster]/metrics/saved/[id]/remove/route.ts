// POST: removes a kept query of one's own.
import { endpoint } from "@/lib/access/endpoint";
import { removeQuery } from "@/lib/metrics/service/saved";

export const dynamic = "force-dynamic";

export const POST = endpoint(removeQuery);
