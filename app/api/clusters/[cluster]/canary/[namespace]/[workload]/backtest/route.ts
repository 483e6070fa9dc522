// POST {definition}: past rollouts judged again by another definition.
import { endpoint } from "@/lib/access/endpoint";
import { tryOnPast } from "@/lib/canary/service/analyses";

export const dynamic = "force-dynamic";

export const POST = endpoint(tryOnPast);
