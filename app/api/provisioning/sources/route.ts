// GET: where the network plugin and the add-ons come from, in which version, and by which digest they are known.
import { endpoint } from "@/lib/access/endpoint";
import { listSources } from "@/lib/provisioning/service/sources";

export const dynamic = "force-dynamic";

export const GET = endpoint(listSources);
