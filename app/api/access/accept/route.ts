// POST: accept an invitation or set a new password, by a one-time link.
import { acceptLink } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const POST = acceptLink;
