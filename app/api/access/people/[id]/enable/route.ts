// POST: let a disabled person in again.
import { endpoint } from "@/lib/access/endpoint";
import { enablePerson } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(enablePerson);
