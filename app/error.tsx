"use client";
// A page broke while drawing: what can be said, and a way to try again; the frame stays.
import { Button } from "@mantine/core";
import { StatePicture } from "@/components/ui/state-picture";

export default function PageError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <StatePicture
      kind="broken"
      title="This page broke"
      say="It could not be drawn with the data it got. Trying again may help; the rest of the console goes on."
      requestId={error.digest}
      action={<Button size="xs" variant="default" onClick={reset}>Try again</Button>}
    />
  );
}
