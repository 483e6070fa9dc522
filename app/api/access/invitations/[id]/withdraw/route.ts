// POST: withdraw an invitation.
import { endpoint } from "@/lib/access/endpoint";
import { withdrawInvitation } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(withdrawInvitation);
