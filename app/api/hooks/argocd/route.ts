// POST: Argo CD's notifications, proven by the secret they bring.
import { argocdHook } from "@/lib/deployments/service/hooks";

export const dynamic = "force-dynamic";

export const POST = argocdHook;
