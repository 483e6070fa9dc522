// The ground that the filters stand on: nodes with the pods that take room on them. Pods can be put and taken, so that a what-if plays on a copy.
import type { NodeObject, PodObject, Resources } from "../../adapters/kubernetes/objects";
import { keyOf, type Picture } from "../picture";

export interface Room {
  node: NodeObject;
  /** All that take room: neither succeeded nor failed; pods being deleted still count. */
  pods: Map<string, PodObject>;
  used: Resources;
}

export interface Ground {
  readonly picture: Picture;
  readonly rooms: ReadonlyMap<string, Room>;
  /** Pods that keep others away, by key, with the node they stand on: few among many, and asked for each pod that looks for a place. */
  readonly guards: ReadonlyMap<string, { pod: PodObject; node: string }>;
  put(pod: PodObject, node: string): void;
  take(pod: Pick<PodObject, "namespace" | "name">): void;
  /** Adds a node, or replaces it and keeps its pods. */
  putNode(node: NodeObject): void;
  takeNode(name: string): PodObject[];
  copy(): Ground;
}

export function takesRoom(pod: Pick<PodObject, "phase">): boolean {
  return pod.phase !== "Succeeded" && pod.phase !== "Failed";
}

export function groundOf(picture: Picture): Ground {
  const rooms = new Map<string, Room>();
  for (const node of picture.store("Node").values()) rooms.set(node.name, emptyRoom(node));
  for (const pod of picture.store("Pod").values()) {
    const room = pod.nodeName === "" ? undefined : rooms.get(pod.nodeName);
    if (room && takesRoom(pod)) settle(room, pod);
  }
  return groundWith(picture, rooms);
}

function groundWith(picture: Picture, rooms: Map<string, Room>): Ground {
  const placeOf = new Map<string, string>();
  const guards = new Map<string, { pod: PodObject; node: string }>();
  for (const [name, room] of rooms) for (const [key, pod] of room.pods) {
    placeOf.set(key, name);
    if (pod.spec.podAntiAffinity.length > 0) guards.set(key, { pod, node: name });
  }
  const take = (pod: Pick<PodObject, "namespace" | "name">): void => {
    const key = keyOf(pod);
    const room = rooms.get(placeOf.get(key) ?? "");
    const there = room?.pods.get(key);
    if (!room || !there) return;
    room.pods.delete(key);
    placeOf.delete(key);
    guards.delete(key);
    room.used = minus(room.used, there.spec.requests);
  };
  return {
    picture,
    rooms,
    guards,
    put(pod, node) {
      take(pod);
      const room = rooms.get(node);
      if (!room) return;
        settle(room, pod.nodeName === node ? pod : { ...pod, nodeName: node });
      placeOf.set(keyOf(pod), node);
      if (pod.spec.podAntiAffinity.length > 0) guards.set(keyOf(pod), { pod, node });
    },
    take,
    putNode(node) {
        const room = rooms.get(node.name);
      if (room) room.node = node;
      else rooms.set(node.name, emptyRoom(node));
    },
    takeNode(name) {
        const pods = [...(rooms.get(name)?.pods.values() ?? [])];
      for (const pod of pods) {
        placeOf.delete(keyOf(pod));
        guards.delete(keyOf(pod));
      }
      rooms.delete(name);
      return pods;
    },
    copy: () => groundWith(picture, new Map([...rooms].map(([name, room]) => [name, { ...room, pods: new Map(room.pods) }]))),
  };
}

function emptyRoom(node: NodeObject): Room {
  return { node, pods: new Map(), used: { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0, pods: 0, extended: {} } };
}

function settle(room: Room, pod: PodObject): void {
  room.pods.set(keyOf(pod), pod);
  room.used = combined(room.used, pod.spec.requests, 1);
}

function minus(used: Resources, gone: Resources): Resources {
  return combined(used, gone, -1);
}

/** What could not be read counts as nothing, so that one bad figure does not spoil a node. */
function combined(used: Resources, by: Resources, sign: 1 | -1): Resources {
  const add = (a: number, b: number | undefined) => (b !== undefined && Number.isFinite(b) ? a + sign * b : a);
  const names = Object.keys(by.extended);
  return {
    cpuMillis: add(used.cpuMillis, by.cpuMillis),
    memoryBytes: add(used.memoryBytes, by.memoryBytes),
    ephemeralBytes: add(used.ephemeralBytes, by.ephemeralBytes),
    pods: used.pods + sign,
    extended: names.length === 0 ? used.extended : { ...used.extended, ...Object.fromEntries(names.map((name) => [name, add(used.extended[name] ?? 0, by.extended[name])])) },
  };
}
