// Runs in a SharedWorker: one hub, and so one stream, for all tabs of this browser.
import { systemClock } from "@/lib/base/clock";
import { createHub } from "./hub";
import { fromTab } from "./messages";

const hub = createHub({ open: (url, signal) => fetch(url, { signal, headers: { accept: "text/event-stream" } }), clock: systemClock, random: Math.random });

globalThis.addEventListener("connect", (event) => {
  if (!(event instanceof MessageEvent)) return;
  for (const port of event.ports) {
    const member = hub.join((message) => port.postMessage(message));
    port.addEventListener("message", ({ data }) => {
      const message = fromTab.safeParse(data);
      if (message.success) member.receive(message.data);
    });
    port.addEventListener("close", () => member.leave());
    port.start();
  }
});
