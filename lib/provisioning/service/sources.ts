// The sources of add-ons as they are shown: version, place, and the digest that their content is held to.
import "server-only";
import { z } from "zod";
import { feed } from "@/lib/access/verb";
import { env } from "@/lib/base/env";
import { sources } from "../add-ons/sources";
import { addOnDigests } from "../kinds";

export const listSources = feed({
  name: "provisioning.sources",
  permission: "provisioning.read",
  input: z.object({}),
  run: async () => {
    const seen = new Map((await addOnDigests().all()).map((one) => [one.url, one]));
    return {
      mirror: env().QUARTERDECK_ADD_ON_MIRROR ?? "",
      sources: Object.entries(sources).map(([name, source]) => {
        if (source.via === "argo-cd") return { name, version: source.version, via: source.via, from: source.repository, digest: null };
        const known = seen.get(source.url);
        const digest = source.sha256 !== null ? { sha256: source.sha256, since: null } : known ? { sha256: known.sha256, since: known.firstSeenAt.getTime() } : null;
        return { name, version: source.version, via: source.via, from: source.url, digest };
      }),
    };
  },
});
