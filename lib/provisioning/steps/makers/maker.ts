// What a kind of resource knows about itself: how it is made, brought to what is wanted, and made away with.
import type { Acting } from "@/lib/adapters/aws/acting";
import type { Aws } from "@/lib/adapters/aws/door";
import type { Tags } from "@/lib/adapters/aws/objects";
import { AppError } from "@/lib/base/errors";
import type { Found, Ref, ResourceKind, ResourceOf } from "../../graph/model";

export interface Making<K extends ResourceKind> {
  aws: Aws;
  resource: ResourceOf<K>;
  /** The id of what a reference points to; throws when it is not there. */
  id(ref: Ref): string;
  /** Sends one request, again when AWS is only busy. */
  send<T>(doing: string, request: (by: Acting) => Promise<T>): Promise<T>;
}

export interface Creating<K extends ResourceKind> extends Making<K> {
  /** With the intent's name among them. */
  tags: Tags;
  /** The intent's name: AWS' client token where it takes one. */
  token: string;
  /** What was written down of the request before it was sent first. */
  fields: unknown;
}

export interface Maker<K extends ResourceKind> {
  /** AWS itself sees to it that the same create twice makes one: by a token, or because names and places are unique. */
  repeatable: boolean;
  create(making: Creating<K>): Promise<string>;
  /** Brings the named fields to what is wanted. Fields of tags are brought there by the caller. */
  update?(making: Making<K>, found: Found, fields: readonly string[]): Promise<void>;
  /** How it is given tags after it was made, where EC2's common way does not do. */
  tag?(making: Making<K>, found: Found, tags: Tags): Promise<void>;
  remove(making: Pick<Making<K>, "aws" | "send">, found: Found): Promise<void>;
}

export type Makers<K extends ResourceKind> = { [Kind in K]: Maker<Kind> };

/** The id of a reference by what is known; a step's needs see to it that it is there. */
export function knownId(idOf: (ref: string) => string | null): (ref: Ref) => string {
  return ({ ref }) => {
    const id = idOf(ref);
    if (id) return id;
    throw new AppError("conflict", `${ref} is not there, and what is to be made needs it. Retry the step that makes it.`);
  };
}
