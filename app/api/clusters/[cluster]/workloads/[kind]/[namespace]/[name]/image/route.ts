// POST {seen, container, image, note?, override?}: another image for one container.
import { endpoint } from "@/lib/access/endpoint";
import { setWorkloadImage } from "@/lib/deployments/service/acts";

export const dynamic = "force-dynamic";

export const POST = endpoint(setWorkloadImage);
