// POST {blueprint} or {yaml}: what is wrong with a draft, or what it would cost. Keeps nothing.
import { endpoint } from "@/lib/access/endpoint";
import { checkDraft } from "@/lib/provisioning/service/blueprints";

export const dynamic = "force-dynamic";

export const POST = endpoint(checkDraft);
