// What a tab and the hub that owns the stream say to each other.
import { z } from "zod";

/** A tab says which topics it shows and whether anyone looks at it. */
export const fromTab = z.discriminatedUnion("type", [
  z.object({ type: z.literal("follow"), topics: z.array(z.string()) }),
  z.object({ type: z.literal("visible"), visible: z.boolean() }),
  z.object({ type: z.literal("bye") }),
]);
export type FromTab = z.infer<typeof fromTab>;

/** `text` is the frame's JSON as the server wrote it: parsed by the tab that shows it. */
export const toTab = z.discriminatedUnion("type", [
  z.object({ type: z.literal("frame"), event: z.enum(["change", "again", "fresh"]), topic: z.string(), text: z.string() }),
  z.object({ type: z.literal("following"), topics: z.array(z.string()) }),
  z.object({ type: z.literal("refused"), status: z.number() }),
]);
export type ToTab = z.infer<typeof toTab>;
