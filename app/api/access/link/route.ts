// POST: what a one-time link is for.
import { lookAtLink } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = lookAtLink;
