// Whether this part of the page has taken over from the server's HTML. A part behind a Suspense boundary does so later than the rest, when an answer that both ask for may be there already; drawn from it at once, it would not match.
import { useSyncExternalStore } from "react";

const never = () => () => undefined;

export function useHydrated(): boolean {
  return useSyncExternalStore(never, () => true, () => false);
}
