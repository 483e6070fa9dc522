// The keyboard on the map: one tab stop, arrows by what the eye sees, brackets through the trouble. Works on the elements that stand, so it needs no copy of the layout.
import { type Box, type Direction, nextStop, stepTrouble, troubleOrder } from "./moves";
import { type PodState, podStates } from "@/lib/placement/model";

const directions: Readonly<Record<string, Direction>> = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

export function directionOf(key: string): Direction | null {
  return directions[key] ?? null;
}

export function stopsIn(map: HTMLElement): HTMLElement[] {
  return [...map.querySelectorAll<HTMLElement>("[data-stop]:not(:disabled)")];
}

export function stopId(element: Element | null): string | null {
  return element instanceof HTMLElement ? (element.closest<HTMLElement>("[data-stop]")?.dataset.stop ?? null) : null;
}

export function findStop(map: HTMLElement, id: string): HTMLElement | null {
  return map.querySelector<HTMLElement>(`[data-stop="${CSS.escape(id)}"]`);
}

/** Moves the focus one place; false at the edge. */
export function moveFocus(map: HTMLElement, direction: Direction): boolean {
  const from = stopId(document.activeElement) ?? "";
  const to = nextStop(stopsIn(map).map(toBox), from, direction);
  return to !== null && focusStop(map, to);
}

function toBox(element: HTMLElement): Box {
  const { x, y, width, height } = element.getBoundingClientRect();
  return { id: element.dataset.stop ?? "", x, y, width, height };
}

export function focusStop(map: HTMLElement, id: string): boolean {
  const element = findStop(map, id);
  if (!element) return false;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest", inline: "nearest" });
  return true;
}

/** The next or previous pod in trouble, from the one in focus; null when there is none. */
export function troubleFrom(map: HTMLElement, step: 1 | -1): string | null {
  const items = stopsIn(map).flatMap((element) => {
    const state = stateOf(element.dataset.state);
    return state ? [{ id: element.dataset.stop ?? "", state }] : [];
  });
  return stepTrouble(troubleOrder(items), stopId(document.activeElement), step);
}

function stateOf(text: string | undefined): PodState | null {
  return podStates.find((state) => state === text) ?? null;
}

/** Outlines the replicas of a workload; "" takes all outlines away. Set on the elements, so that hovering redraws nothing. */
export function markSiblings(map: HTMLElement, workload: string): void {
  for (const element of map.querySelectorAll("[data-sibling]")) element.removeAttribute("data-sibling");
  map.toggleAttribute("data-hovering", workload !== "");
  if (workload === "") return;
  for (const element of map.querySelectorAll(`[data-workload="${CSS.escape(workload)}"]`)) element.setAttribute("data-sibling", "");
}

/** True where typing means text, not a command. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest("input, textarea, select, [role=dialog], [role=combobox]") !== null);
}

/** Keys that work on the whole page, as long as they are not typed into something; `run` says whether one was meant. For a ref: they live and die with an element. */
export function listenOnPage(run: (key: string) => boolean): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && !event.metaKey && !event.ctrlKey && !event.altKey && !isTyping(event.target) && run(event.key)) event.preventDefault();
  };
  document.addEventListener("keydown", onKey);
  return () => document.removeEventListener("keydown", onKey);
}
