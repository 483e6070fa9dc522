// The part of an image's name that tells versions apart.

/** registry/team/name:1.2 → 1.2; a digest is cut short. */
export function tagOf(image: string): string {
  const [name = "", digest] = image.split("@");
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  return tag ?? digest?.replace("sha256:", "").slice(0, 7) ?? "latest";
}
