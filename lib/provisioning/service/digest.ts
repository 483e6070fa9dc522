// The digest of a plan: the same for the same blueprint, pins, prices and world, and different as soon as anything would be done otherwise.
import "server-only";
import { createHash } from "node:crypto";
import { canonical } from "../canonical";

export const digestOf = (value: unknown): string => createHash("sha256").update(canonical(value)).digest("hex");
