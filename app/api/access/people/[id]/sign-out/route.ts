// POST: end every session of a person.
import { endpoint } from "@/lib/access/endpoint";
import { signOutEverywhere } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(signOutEverywhere);
