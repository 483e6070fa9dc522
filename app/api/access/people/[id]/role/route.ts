// POST: change a person's role.
import { endpoint } from "@/lib/access/endpoint";
import { changeRole } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(changeRole);
