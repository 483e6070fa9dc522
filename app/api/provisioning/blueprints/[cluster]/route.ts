// GET: one blueprint with its cost and history. PUT {blueprint, over}: a new revision over the one that was edited. DELETE: only when nothing of it is built.
import { endpoint } from "@/lib/access/endpoint";
import { deleteBlueprint, getBlueprint, saveBlueprint } from "@/lib/provisioning/service/blueprints";

export const dynamic = "force-dynamic";

export const GET = endpoint(getBlueprint);
export const PUT = endpoint(saveBlueprint);
export const DELETE = endpoint(deleteBlueprint);
