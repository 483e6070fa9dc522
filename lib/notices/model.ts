// What people are told: one sentence, how good or bad it is, and where to look.
import { z } from "zod";

/** good: it went well; ask: a person is needed; bad: it did not go well; plain: it is so. */
export const moods = ["good", "ask", "bad", "plain"] as const;
export type Mood = (typeof moods)[number];

export const notice = z.object({
  id: z.number(),
  at: z.number(),
  mood: z.enum(moods),
  title: z.string(),
  say: z.string(),
  href: z.string(),
  /** What it is about, such as a job's id; a later notice about the same stands for the earlier. */
  source: z.string(),
});
export type Notice = z.infer<typeof notice>;
