// GET: people and open invitations. POST: invite someone.
import { endpoint } from "@/lib/access/endpoint";
import { invitePerson, people } from "@/lib/access/service";

export const dynamic = "force-dynamic";

export const GET = endpoint(people);
export const POST = endpoint(invitePerson);
