// What hands do on the canvas: pointers, wheel and keys become views.
import { type View, zoomAt } from "./view";

const dragFromPx = 4;
type Point = { x: number; y: number };

export interface Hands { view(): View; setView(view: View): void; open(point: Point, view: View): void; tap(point: Point): void;
  /** Takes hold of the lens when the point lies on it. */
  grab(point: Point): boolean;
  /** By so much on the screen. */
  carry(by: Point): void;
  /** A key that is not about the view; true when it meant something. */
  press(key: string): boolean;
}

/** Drag pans, or carries the lens when it begins on it; two fingers and the wheel zoom, a click opens and brings the lens, with Shift only the lens; a double click comes nearer. Arrows are for walking; with Shift they pan. */
export function bindHands(canvas: HTMLCanvasElement, { view, setView, open, tap, grab, carry, press }: Hands): () => void {
  const end = new AbortController();
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let holding = false;
  const on = <K extends keyof HTMLElementEventMap>(name: K, handler: (event: HTMLElementEventMap[K]) => void) => canvas.addEventListener(name, handler, { signal: end.signal, passive: name !== "wheel" });
  on("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    if (pointers.size > 1) return;
    moved = 0;
    holding = grab({ x: event.offsetX, y: event.offsetY });
  });
  on("pointermove", (event) => {
    const was = pointers.get(event.pointerId);
    if (!was) return;
    const now = { x: event.offsetX, y: event.offsetY };
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    moved += Math.abs(now.x - was.x) + Math.abs(now.y - was.y);
    const seen = view();
    if (holding && !other) return carry({ x: now.x - was.x, y: now.y - was.y });
    if (other) setView(zoomAt(seen, Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(was.x - other.x, was.y - other.y)), other));
    else if (moved > dragFromPx) setView({ ...seen, x: seen.x - (now.x - was.x) / seen.zoom, y: seen.y - (now.y - was.y) / seen.zoom });
  });
  const lift = (event: PointerEvent) => pointers.delete(event.pointerId);
  on("pointerup", lift);
  on("pointercancel", lift);
  on("click", (event) => {
    if (moved > dragFromPx) return;
    const point = { x: event.offsetX, y: event.offsetY };
    tap(point);
    if (!event.shiftKey) open(point, view());
  });
  on("dblclick", (event) => setView(zoomAt(view(), 3, { x: event.offsetX, y: event.offsetY })));
  on("wheel", (event) => {
    event.preventDefault();
    setView(zoomAt(view(), Math.exp(-event.deltaY / 400), { x: event.offsetX, y: event.offsetY }));
  });
  on("keydown", (event) => {
    const seen = view();
    const step = 60 / seen.zoom;
    const pans: Readonly<Record<string, View>> = { ArrowLeft: { ...seen, x: seen.x - step }, ArrowRight: { ...seen, x: seen.x + step }, ArrowUp: { ...seen, y: seen.y - step }, ArrowDown: { ...seen, y: seen.y + step } };
    const zooms: Readonly<Record<string, View>> = {
      "+": zoomAt(seen, 1.5, middle(canvas)), "=": zoomAt(seen, 1.5, middle(canvas)), "-": zoomAt(seen, 1 / 1.5, middle(canvas)), "0": { x: 0, y: 0, zoom: 0 },
    };
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const next = (event.shiftKey ? pans[event.key] : undefined) ?? zooms[event.key];
    if (next) setView(next);
    if (next || press(event.key)) event.preventDefault();
  });
  return () => end.abort();
}

function middle(canvas: HTMLCanvasElement): { x: number; y: number } {
  return { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 };
}
