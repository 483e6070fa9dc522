// POST: make the first administrator, by the link that is printed at start.
import { setUp } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = setUp;
