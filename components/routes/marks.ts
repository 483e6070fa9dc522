// A hop's state as the marks and words that every screen uses.
import type { PodState } from "@/lib/placement/model";
import type { HopState } from "@/lib/routes/model";

export const hopMarks: Record<HopState, PodState> = { well: "running", warning: "warning", failed: "failed", unknown: "unknown" };
export const hopWords: Record<HopState, string> = { well: "well", warning: "needs a look", failed: "broken", unknown: "not known" };
