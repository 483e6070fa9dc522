// GET: who is asking and what they may do.
import { endpoint } from "@/lib/access/endpoint";
import { me } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(me);
