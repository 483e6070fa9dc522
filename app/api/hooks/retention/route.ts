// GET: how many days deployments are kept; POST {days}: another number.
import { endpoint } from "@/lib/access/endpoint";
import { recordRetention, setRetention } from "@/lib/deployments/service/export";

export const dynamic = "force-dynamic";

export const GET = endpoint(recordRetention);
export const POST = endpoint(setRetention);
