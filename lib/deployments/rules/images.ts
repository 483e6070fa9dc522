// An image's name taken apart, and the keys by which builds and deployments of it meet.
import type { Image } from "../model";

/** `registry:5000/team/app:1.2@sha256:…` → its parts; what is not there is "". */
export function parseImage(container: string, text: string): Image {
  const at = text.indexOf("@");
  const [named, digest] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  const colon = named.lastIndexOf(":");
  const hasTag = colon > named.lastIndexOf("/");
  return { container, image: text, repository: hasTag ? named.slice(0, colon) : named, tag: hasTag ? named.slice(colon + 1) : "", digest };
}

/** What a person calls it: its tag, else the beginning of its digest, else that it has none. */
export function versionOf({ tag, digest }: Pick<Image, "tag" | "digest">): string {
  if (tag !== "") return tag;
  return digest === "" ? "no tag" : digest.replace(/^sha256:/, "").slice(0, 12);
}

/** The container that does the work: named as the workload, else the first. */
export function mainImage(images: readonly Image[], workload: string): Image | undefined {
  return images.find(({ container }) => container === workload) ?? images[0];
}

const shortSha = 7;
const shaInTag = /(?:^|[-_.])(?:sha-|g)?([0-9a-f]{7,40})$/;

/** The commit that a tag names, as `main-1a2b3c4` or the hash itself do; null for versions, and for numbers that only look so. */
export function commitInTag(tag: string): string | null {
  const found = shaInTag.exec(tag)?.[1];
  return found && /[a-f]/.test(found) && /\d/.test(found) ? found : null;
}

const lastPart = (repository: string): string => repository.slice(repository.lastIndexOf("/") + 1).toLowerCase();
const plainTag = (tag: string): string => tag.replace(/^v(?=\d)/, "");

export const commitKey = (sha: string): string => `commit:${sha.toLowerCase().slice(0, shortSha)}`;
export const imageKey = ({ repository, tag }: Pick<Image, "repository" | "tag">): string => `image:${repository.toLowerCase()}:${tag}`;
export const tagKey = (name: string, tag: string): string => `tag:${lastPart(name)}:${plainTag(tag)}`;

/** Tags that move say nothing about what was built. */
const movingTags = new Set(["", "latest", "main", "master", "develop", "stable", "edge", "nightly"]);

/** By which a build finds a deployment of these images, and the other way round. */
export function keysOf({ images, commit }: { images: readonly Pick<Image, "repository" | "tag" | "digest">[]; commit: string | null }): string[] {
  const keys = new Set<string>();
  for (const one of images) {
    if (one.digest !== "") keys.add(`digest:${one.digest}`);
    if (movingTags.has(one.tag)) continue;
    keys.add(imageKey(one));
    keys.add(tagKey(one.repository, one.tag));
    const sha = commitInTag(one.tag);
    if (sha) keys.add(commitKey(sha));
  }
  if (commit && /^[0-9a-f]{7,64}$/i.test(commit)) keys.add(commitKey(commit));
  return [...keys];
}
