// GET: which senders have a secret; POST {source, secret, keepEarlier?}: sets one. The secret itself is never told again.
import { endpoint } from "@/lib/access/endpoint";
import { hookSettings, setHookSecret } from "@/lib/deployments/service/hooks";

export const dynamic = "force-dynamic";

export const GET = endpoint(hookSettings);
export const POST = endpoint(setHookSecret);
