// POST: GitHub's webhooks, proven by their signature.
import { githubHook } from "@/lib/deployments/service/hooks";

export const dynamic = "force-dynamic";

export const POST = githubHook;
