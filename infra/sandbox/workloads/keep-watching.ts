// A controller's loop: lists, then watches from there; when the watch ends, for whatever reason, it begins again.
import type { ApiClient } from "../control-plane/api-client.ts";
import { at, listAt, textAt, type Json } from "../json.ts";

export type Act = (api: ApiClient, object: Json, type: string) => Promise<void>;

export async function keepWatching(input: { api: ApiClient; path: string; act: Act; signal: AbortSignal }): Promise<void> {
  const { api, path, act, signal } = input;
  while (!signal.aborted) {
    try {
      const list = await api.get(path);
      for (const object of listAt(list, "items")) await act(api, object, "ADDED");
      const from = textAt(list, "metadata", "resourceVersion");
      for await (const event of api.watch(`${path}?watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=${from}`, signal)) {
        const type = textAt(event, "type");
        if (type === "ERROR") break;
        const object = at(event, "object");
        if (type !== "BOOKMARK" && object !== undefined) await act(api, object, type);
      }
    } catch {
      // The API server is away for a moment (an order may have stopped it), or what was wanted could not be had yet: look again shortly.
      await new Promise((resolve) => setTimeout(resolve, 500).unref());
    }
  }
}
