// A blueprint, or the cluster that was built of it, as files that somebody else's tool takes over.
import "server-only";
import { strToU8, zipSync } from "fflate";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { clusterSlug } from "@/lib/clusters/model";
import { terraformOf, type ExportedFile } from "../export/terraform";
import { resourceGraph } from "../graph/build";
import type { Found } from "../graph/model";
import type { Blueprint, Pins } from "../model";
import { matchWorld } from "../plan/match";
import { survey } from "./plan";
import { loadBlueprint } from "./stored";
import { livingEntries } from "./world";

/** Stands for the account where none could be asked; the export holds no account's number in any case. */
const unknown: Pins = { account: "000000000000", partition: "aws", imageId: "", imageName: "", rootDevice: "/dev/sda1" };

interface Known { pins: Pins; found: ReadonlyMap<string, Found | null> }

/** What was built must be looked at, or its import blocks would be missing without a word; what was not can be written without an account. */
async function whatIsKnown(blueprint: Blueprint, signal: AbortSignal): Promise<Known> {
  if ((await livingEntries(blueprint.name)).length === 0) return { pins: unknown, found: new Map() };
  const { world, pins } = await survey(blueprint, signal);
  return { pins, found: matchWorld(resourceGraph(blueprint, pins), world).found };
}

/** Times of the files are those of the first day that an archive can say, so that the same blueprint makes the same archive. */
const mtime = "1980-01-01T12:00:00Z";

const archiveOf = (folder: string, files: readonly ExportedFile[]): Uint8Array<ArrayBuffer> =>
  new Uint8Array(zipSync(Object.fromEntries(files.map(({ path, text }) => [`${folder}/${path}`, strToU8(text)])), { mtime }));

export const exportBlueprint = feed({
  name: "provisioning.export",
  permission: "provisioning.read",
  input: z.object({ cluster: clusterSlug, as: z.enum(["terraform"]).default("terraform") }),
  run: async ({ signal }, { cluster, as }): Promise<Response> => {
    const { blueprint } = await loadBlueprint(cluster);
    const { pins, found } = await whatIsKnown(blueprint, signal);
    const folder = `${cluster}-${as}`;
    const body = archiveOf(folder, terraformOf(resourceGraph(blueprint, pins), { pins, found }));
    return new Response(body, { headers: { "content-type": "application/zip", "content-disposition": `attachment; filename="${folder}.zip"`, "cache-control": "private, no-store" } });
  },
});
