// POST: make a one-time link by which a person sets a new password.
import { endpoint } from "@/lib/access/endpoint";
import { makeResetLink } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(makeResetLink);
