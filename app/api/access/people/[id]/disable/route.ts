// POST: disable a person and end their sessions.
import { endpoint } from "@/lib/access/endpoint";
import { disablePerson } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(disablePerson);
