// GET: the way of requests into a cluster, every hop with its health, and what the checks say.
import { endpoint } from "@/lib/access/endpoint";
import { readRoutes } from "@/lib/routes/service/routes";

export const dynamic = "force-dynamic";

export const GET = endpoint(readRoutes);
