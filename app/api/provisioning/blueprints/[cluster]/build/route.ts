// POST {digest}: starts the job that carries out exactly that plan; answers its id, or what has changed since.
import { endpoint } from "@/lib/access/endpoint";
import { startBuild } from "@/lib/provisioning/service/build";

export const dynamic = "force-dynamic";

export const POST = endpoint(startBuild);
