// POST: let a person sign in through the organisation instead of by password.
import { endpoint } from "@/lib/access/endpoint";
import { turnToProvider } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = endpoint(turnToProvider);
