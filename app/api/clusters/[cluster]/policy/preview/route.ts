// POST {policy}: what saving it would change, without saving it.
import { endpoint } from "@/lib/access/endpoint";
import { previewTierPolicy } from "@/lib/placement/service/policy";

export const dynamic = "force-dynamic";

export const POST = endpoint(previewTierPolicy);
