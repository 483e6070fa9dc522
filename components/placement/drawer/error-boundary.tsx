"use client";
// What breaks inside stays inside: the drawer says that it broke, the map beside it lives on.
import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { StatePicture } from "@/components/ui/state-picture";

interface Props { what: string; onClose: () => void; children: ReactNode }

export class DrawerBoundary extends Component<Props, { broken: string | null }> {
  override state = { broken: null };

  static getDerivedStateFromError(error: unknown): { broken: string } {
    return { broken: error instanceof Error ? error.message : String(error) };
  }

  override render(): ReactNode {
    if (this.state.broken === null) return this.props.children;
    return (
      <StatePicture
        kind="broken"
        title={`${this.props.what} could not be shown`}
        say={`${this.state.broken} The map is not affected.`}
        action={<><Button size="xs" variant="default" onClick={() => this.setState({ broken: null })}>Try again</Button> <Button size="xs" variant="default" onClick={this.props.onClose}>Close</Button></>}
      />
    );
  }
}
