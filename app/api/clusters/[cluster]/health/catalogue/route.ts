// POST: the catalogue of failures, searched by a symptom or by a pasted error text; a body, because an error text is longer than an address may be.
import { endpoint } from "@/lib/access/endpoint";
import { readCatalogue } from "@/lib/diagnostics/service/health";

export const dynamic = "force-dynamic";

export const POST = endpoint(readCatalogue);
