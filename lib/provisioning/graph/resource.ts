// Making one resource: its id from kind and name, its tags, and its needs from the references that it holds.
import { kubernetesTag, tagKeys, type Ref, type Resource, type ResourceKind, type ResourceOf, type WantedFields } from "./model";

export interface Shared { cluster: string; tags: Readonly<Record<string, string>> }
interface Rest { after?: readonly string[]; machine?: Resource["machine"] }

/** Ids keep to what a tag's value and a path may hold. */
export const resourceId = (kind: ResourceKind, name: string): string => `${kind}/${name.replaceAll("/", "_")}`;
export const refTo = (kind: ResourceKind, name: string): Ref => ({ ref: resourceId(kind, name) });

export const isRef = (value: unknown): value is Ref => typeof value === "object" && value !== null && "ref" in value && typeof value.ref === "string";

/** Every reference in a value, however deep. */
export function refsIn(value: unknown): string[] {
  if (isRef(value)) return [value.ref];
  if (Array.isArray(value)) return value.flatMap(refsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(refsIn) : [];
}

export function makeResource(shared: Shared) {
  return <K extends ResourceKind>([kind, name]: [kind: K, name: string], wanted: WantedFields[K], { after = [], machine = null }: Rest = {}): ResourceOf<K> => {
    const id = resourceId(kind, name);
    return {
      id, kind, name, wanted, machine,
      needs: [...new Set([...refsIn(wanted), ...after])].toSorted(),
      tags: { ...shared.tags, Name: `${shared.cluster}-${name}`.slice(0, 255), [kubernetesTag(shared.cluster)]: "owned", [tagKeys.cluster]: shared.cluster, [tagKeys.resource]: id },
    };
  };
}
