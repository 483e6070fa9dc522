// GET ?since&until&tier&namespace&name: marks of deployments for charts, oldest first.
import { endpoint } from "@/lib/access/endpoint";
import { deploymentMarks } from "@/lib/deployments/service/records";

export const dynamic = "force-dynamic";

export const GET = endpoint(deploymentMarks);
