// Puts objects into a cluster in the order given; what is there already stays untouched, so that a restart changes nothing.
import type { ApiClient } from "../control-plane/api-client.ts";
import { isObject, listAt, textAt, type Json, type JsonObject } from "../json.ts";

interface Resource { plural: string; namespaced: boolean }

/** Which path an object goes to: asked of the API server once per group and version. */
export class Catalogue {
  private readonly api: ApiClient;
  private readonly known = new Map<string, Promise<Map<string, Resource>>>();

  constructor(api: ApiClient) { this.api = api; }

  private async load(groupVersion: string): Promise<Map<string, Resource>> {
    const answer = await this.api.get(groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`);
    const kinds = new Map<string, Resource>();
    for (const row of listAt(answer, "resources")) {
      const plural = textAt(row, "name");
      if (!plural.includes("/") && isObject(row)) kinds.set(textAt(row, "kind"), { plural, namespaced: row.namespaced === true });
    }
    return kinds;
  }

  /** A kind just brought by a definition is served before discovery lists it: it is asked for again for a while. */
  private async resourceOf(groupVersion: string, kind: string): Promise<Resource> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const loading = attempt === 0 ? this.known.get(groupVersion) ?? this.load(groupVersion) : this.load(groupVersion);
      this.known.set(groupVersion, loading);
      const resource = (await loading).get(kind);
      if (resource !== undefined) return resource;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`The cluster knows no ${kind} of ${groupVersion}.`);
  }

  async collectionOf(object: JsonObject): Promise<string> {
    const groupVersion = textAt(object, "apiVersion");
    const resource = await this.resourceOf(groupVersion, textAt(object, "kind"));
    const root = groupVersion.includes("/") ? `/apis/${groupVersion}` : `/api/${groupVersion}`;
    return resource.namespaced ? `${root}/namespaces/${textAt(object, "metadata", "namespace") || "default"}/${resource.plural}` : `${root}/${resource.plural}`;
  }
}

export async function ensureAll(api: ApiClient, catalogue: Catalogue, objects: readonly JsonObject[]): Promise<void> {
  for (let start = 0; start < objects.length; start += 10) {
    await Promise.all(objects.slice(start, start + 10).map(async (object) => api.ensure(await catalogue.collectionOf(object), object)));
  }
}

/** True once the API server serves the kind that a definition has just brought. */
export async function waitServed(api: ApiClient, path: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  for (;;) {
    const answer = await api.call({ method: "GET", path });
    if (answer.status === 200) return;
    if (Date.now() > deadline) throw new Error(`The API server does not serve ${path}.`);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
}

export function asObject(value: Json): JsonObject {
  if (!isObject(value)) throw new Error("An object was expected where there is none.");
  return value;
}
