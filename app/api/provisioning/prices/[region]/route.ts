// GET: the prices of a region with their date and source. PUT {item, usd}: one's own price, or null for the catalogue's.
import { endpoint } from "@/lib/access/endpoint";
import { listPrices, setPrice } from "@/lib/provisioning/service/prices";

export const dynamic = "force-dynamic";

export const GET = endpoint(listPrices);
export const PUT = endpoint(setPrice);
