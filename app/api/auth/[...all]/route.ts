// Signing in and out; everything else under this address is not there.
import { authDoor } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = authDoor;
export const POST = authDoor;
