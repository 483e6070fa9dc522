// GET: the tier policy in force and the standard one; PUT {policy}: saves another.
import { endpoint } from "@/lib/access/endpoint";
import { readTierPolicy, saveTierPolicy } from "@/lib/placement/service/policy";

export const dynamic = "force-dynamic";

export const GET = endpoint(readTierPolicy);
export const PUT = endpoint(saveTierPolicy);
