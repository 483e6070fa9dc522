// What may be asked of what-if, as it comes over the wire.
import { z } from "zod";
import type { Question } from "./what-if";

const name = z.string().min(1).max(253);
const key = z.string().min(3).max(320);

const change = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("request"), cpuMillis: z.number().int().min(0).max(1e7).optional(), memoryBytes: z.number().min(0).max(1e15).optional() }),
  z.object({ kind: z.literal("drop-selector") }),
  z.object({ kind: z.literal("label-node"), node: name, labels: z.record(z.string().max(317), z.string().max(63)) }),
  z.object({ kind: z.literal("resize-node"), node: name, type: z.string().max(40) }),
  z.object({ kind: z.literal("move"), pod: key }),
  z.object({ kind: z.literal("tolerate"), key: z.string().max(317), value: z.string().max(63), effect: z.enum(["NoSchedule", "NoExecute"]) }),
  z.object({ kind: z.literal("untaint"), node: name, key: z.string().max(317), effect: z.string().max(20) }),
  z.object({ kind: z.literal("uncordon"), node: name }),
]);

export const whatIfQuestion = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("drain"), node: name }),
  z.object({ kind: z.literal("lose-node"), node: name }),
  z.object({ kind: z.literal("lose-tier"), tier: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]) }),
  z.object({ kind: z.literal("add"), workload: key, replicas: z.number().int().min(1).max(500) }),
  z.object({ kind: z.literal("change"), pod: key, change }),
]) satisfies z.ZodType<Question>;
