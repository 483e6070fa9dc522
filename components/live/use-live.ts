// The one effect of the live feed: follow a topic for as long as a component stands.
import { useEffect } from "react";
import { createLiveClient, type LiveClient, type LiveHandlers } from "./live-client";

let client: LiveClient | null = null;

/** One client per tab. Never reached on the server: only effects and queries call it. */
export function liveClient(): LiveClient {
  return (client ??= createLiveClient());
}

/** `handlers` must be stable (useState or useMemo), else the topic is left and followed anew. */
export function useLive(topic: string, handlers: LiveHandlers): void {
  useEffect(() => liveClient().follow(topic, handlers), [topic, handlers]);
}
