"use client";
// The console's frame: rail at the left, bar on top, the page between; on phones the rail is a drawer.
import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useParams } from "next/navigation";
import type { ReactNode } from "react";
import { PlacementLive } from "../placement/placement-live";
import css from "./frame.module.css";
import { Palette } from "./palette";
import { useClusters } from "./queries";
import { Rail } from "./rail";
import { TopBar } from "./top-bar";

export function Frame({ children }: { children: ReactNode }) {
  const [open, drawer] = useDisclosure(false);
  const cluster = useCurrentCluster();
  const connected = useIsConnected(cluster);
  return (
    <div className={css.frame}>
      <a className={css.skip} href="#content">Skip to the page</a>
      <div className={css.rail}>
        <Rail cluster={cluster} onNavigate={drawer.close} />
      </div>
      <Drawer.Root opened={open} onClose={drawer.close} size={240} padding={0}>
        <Drawer.Overlay backgroundOpacity={0.5} />
        <Drawer.Content aria-label="Navigation">
          <Drawer.Body className={css.drawer}>
            <Rail cluster={cluster} onNavigate={drawer.close} />
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
      <TopBar cluster={connected ? cluster : ""} onMenu={drawer.open} />
      <main id="content" className={css.main} tabIndex={-1}>
        {children}
      </main>
      <Palette cluster={cluster} />
      {connected && <PlacementLive key={cluster} cluster={cluster} />}
    </div>
  );
}

/** A cluster that is only drawn, or gone, has no live picture; asking for one would be refused with all else that the stream carries. */
function useIsConnected(cluster: string): boolean {
  const { data } = useClusters();
  return cluster !== "" && (data === undefined || data.clusters.some(({ slug }) => slug === cluster));
}

/** The cluster in the address, or the first one that there is; "" when there is none yet. */
export function useCurrentCluster(): string {
  const { cluster } = useParams<{ cluster?: string }>();
  const first = useClusters().data?.clusters[0]?.slug ?? "";
  return cluster ? decodeURIComponent(cluster) : first;
}
