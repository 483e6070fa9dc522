// GET: one deployment whole.
import { endpoint } from "@/lib/access/endpoint";
import { recordDetails } from "@/lib/deployments/service/one-record";

export const dynamic = "force-dynamic";

export const GET = endpoint(recordDetails);
