// POST: a person promotes a stepped canary now, or sends it back.
import { endpoint } from "@/lib/access/endpoint";
import { decideStepped } from "@/lib/canary/service/stepper";

export const dynamic = "force-dynamic";

export const POST = endpoint(decideStepped);
