"use client";
// The drawer beside the map: what the address names, a pod or a node. On phones a sheet from below.
import { useSelectedLayoutSegment } from "next/navigation";
import { usePlacement } from "@/components/placement/queries";
import { listenOnPage } from "@/components/placement/map/map-keys";
import { useSelection } from "@/components/placement/map/use-selection";
import css from "./drawer.module.css";
import { DrawerBoundary } from "./error-boundary";
import { NodeDrawer } from "./node-drawer";
import { PodDrawer } from "./pod-drawer";

export function PlacementDrawer({ cluster }: { cluster: string }) {
  const { store, status } = usePlacement(cluster);
  const { pod, node, id, close } = useSelection();
  // There the node in the address is what is asked about.
  const asked = useSelectedLayoutSegment() === "what-if" && pod === "";
  if (id === "" || status !== "ready" || asked) return null;
  const closeByKey = (key: string) => {
    if (key === "Escape") close();
    return key === "Escape";
  };
  return (
    <aside className={css.drawer} ref={() => listenOnPage(closeByKey)} aria-label={pod ? `Pod ${pod}` : `Node ${node}`} key={id}>
      <DrawerBoundary what={pod || node} onClose={close}>
        {pod ? <PodDrawer store={store} podKey={pod} onClose={close} /> : <NodeDrawer store={store} name={node} onClose={close} />}
      </DrawerBoundary>
    </aside>
  );
}
