// POST: change one's own password.
import { endpoint } from "@/lib/access/endpoint";
import { changeOwnPassword } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(changeOwnPassword);
