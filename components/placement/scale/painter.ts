// Binds the drawing to a canvas: redraws at most once per frame and only when something changed, takes in the rows now and then, pans and zooms by hand.
import type { PlacementStore } from "@/components/placement/store";
import type { Filter } from "@/lib/placement/filter";
import type { BandKey } from "../map/layout";
import { directionOf } from "../map/map-keys";
import { type Rollup, rollupKeeper } from "../map/rollup";
import { orderedCells, podAt } from "./cells";
import { drawScene, type Palette, type Scene } from "./draw";
import { type Grid, hitNode, layGrid, pitch } from "./grid";
import { bindHands } from "./hands";
import { type HotSpot, hotSpots } from "./hot-spots";
import { readPalette } from "./palette";
import { type Facts, factsOf, type Metric } from "./shade";
import { firstLens, isOn, type Lens, lensIn, lensOver } from "./lens";
import { firstNode, nextNode, nextTrouble } from "./walk";
import { centredOn, clampView, fitZoom, type Size, toWorld, type View, zoomAt } from "./view";

export interface Look { metric: Metric; filter: Filter | null; selected: string }
interface Point { x: number; y: number }
/** What stands around the canvas and must follow it. */
export interface Told { grid: Grid; facts: Facts; spots: readonly HotSpot[]; rollups: ReadonlyMap<BandKey, Rollup>; view: View; lens: Lens; /** The node on which the keyboard stands. */ walked: string; /** The lens goes along with it. */ leading: boolean }

/** Rows are taken in at a pace that their own cost allows; between two takings the picture moves but says the same. */
const takeIn = { leastMs: 500, timesCost: 12 };

export class Painter {
  readonly #store: PlacementStore;
  readonly #onOpen: (id: string) => void;
  readonly #listeners = new Set<() => void>();
  readonly #keepRollups = rollupKeeper();
  #look: Look = { metric: "cpu", filter: null, selected: "" };
  #main: { canvas: HTMLCanvasElement; size: Size } | null = null;
  #glass: HTMLCanvasElement | null = null;
  #palette: Palette | null = null;
  #frame = 0;
  #costMs = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #told: Told;

  constructor(store: PlacementStore, onOpen: (id: string) => void) {
    this.#store = store;
    this.#onOpen = onOpen;
    const { spots, ...read } = this.#read(null);
    const [first] = spots;
    this.#told = { ...read, spots, walked: "", leading: false, view: { x: 0, y: 0, zoom: 0 }, lens: first ? lensOver({ x: first.x + first.width / 2, y: first.y + first.height / 2 }, firstLens) : firstLens };
  }

  readonly told = (): Told => this.#told;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** For a canvas's ref; the answer undoes it. */
  readonly attach = (canvas: HTMLCanvasElement): (() => void) => {
    this.#main = { canvas, size: { width: canvas.clientWidth, height: canvas.clientHeight } };
    const resized = new ResizeObserver(() => this.#resize(canvas));
    resized.observe(canvas);
    const schemes = new MutationObserver(() => {
      this.#palette = null;
      this.#dirty();
    });
    schemes.observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
    const release = bindHands(canvas, {
      view: () => this.#told.view, setView: (view) => this.#setView(view), open: (point, view) => this.#open(point, view), tap: (point) => this.#tell({ lens: lensOver(toWorld(this.#told.view, point), this.#told.lens) }),
      grab: (point) => isOn(this.#told.lens, toWorld(this.#told.view, point)), carry: ({ x, y }) => this.#carry(x / this.#told.view.zoom, y / this.#told.view.zoom), press: (key) => this.#press(key),
    });
    const endRows = this.#store.subscribe(() => (this.#timer ??= setTimeout(() => this.#takeIn(), Math.max(takeIn.leastMs, this.#costMs * takeIn.timesCost))));
    return () => {
      resized.disconnect();
      schemes.disconnect();
      release();
      endRows();
      clearTimeout(this.#timer);
      cancelAnimationFrame(this.#frame);
      this.#timer = undefined;
      this.#frame = 0;
      this.#main = null;
    };
  };

  /** For the lens's canvas. */
  readonly attachLens = (canvas: HTMLCanvasElement): (() => void) => {
    this.#glass = canvas;
    const resized = new ResizeObserver(() => {
      const { lens } = this.#told;
      this.#tell({ lens: lensOver({ x: lens.x + lens.width / 2, y: lens.y + lens.height / 2 }, lensIn(sized(canvas))) });
    });
    resized.observe(canvas);
    const onClick = ({ offsetX, offsetY }: MouseEvent) => this.#open({ x: offsetX, y: offsetY }, { ...this.#told.lens, zoom: canvas.clientWidth / this.#told.lens.width });
    canvas.addEventListener("click", onClick);
    return () => {
      canvas.removeEventListener("click", onClick);
      resized.disconnect();
      this.#glass = null;
    };
  };

  look(next: Look): void {
    const before = this.#look;
    this.#look = next;
    if (next.metric !== before.metric || next.filter !== before.filter) queueMicrotask(() => this.#takeIn());
    else if (next.selected !== before.selected) this.#dirty();
  }

  zoom(factor: number): void {
    if (this.#main) this.#setView(zoomAt(this.#told.view, factor, { x: this.#main.size.width / 2, y: this.#main.size.height / 2 }));
  }

  fit(): void {
    this.#setView({ x: 0, y: 0, zoom: 0 });
  }

  moveLens(to: Point): void {
    const { view, grid, lens } = this.#told;
    this.#tell({ lens: lensOver(to, lens) });
    if (this.#main && view.zoom > fitZoom(grid, this.#main.size) * 1.01) this.#setView(centredOn(to, view.zoom, this.#main.size));
  }

  #carry(x: number, y: number): void {
    const { lens, grid } = this.#told;
    const kept = (at: number, most: number) => Math.max(0, Math.min(at, Math.max(0, most)));
    this.#tell({ lens: { ...lens, x: kept(lens.x + x, grid.width - lens.width), y: kept(lens.y + y, grid.height - lens.height) } });
  }

  /** Arrows walk, brackets go from trouble to trouble, Enter opens, Z takes the lens to where the keyboard stands and along with it, or leaves it there. */
  #press(key: string): boolean {
    const { grid, facts, walked, leading } = this.#told;
    const direction = directionOf(key);
    if (direction) return this.#walkTo(nextNode(grid, walked, direction));
    if (key === "[" || key === "]") return this.#walkTo(nextTrouble(grid, facts, { from: walked, step: key === "]" ? 1 : -1 }));
    if (key === "Enter" && walked !== "") this.#onOpen(`node:${walked}`);
    else if (key === "z" || key === "Z") {
      this.#tell({ leading: !leading });
      if (!leading) this.#walkTo(walked || firstNode(grid));
    } else return false;
    return true;
  }

  /** Brings what is walked to into sight. */
  #walkTo(name: string | null): boolean {
    const { grid, view, leading, lens } = this.#told;
    const at = name === null ? undefined : grid.at.get(name);
    if (name === null || at === undefined || !this.#main) return false;
    const place = { x: (grid.x[at] ?? 0) + pitch / 2, y: (grid.y[at] ?? 0) + pitch / 2 };
    this.#tell({ walked: name, ...(leading ? { lens: lensOver(place, lens) } : {}) });
    const { width, height } = this.#main.size;
    if (place.x < view.x || place.y < view.y || place.x > view.x + width / view.zoom || place.y > view.y + height / view.zoom) this.#setView(centredOn(place, view.zoom, this.#main.size));
    return true;
  }

  #read(before: Grid | null) {
    const { tables } = this.#store;
    const grid = layGrid(tables.nodes.values(), before);
    const facts = factsOf(grid.names, tables, this.#look);
    return { grid, facts, spots: hotSpots(grid, facts, tables.nodes), rollups: this.#keepRollups(grid.bands.map(({ band }) => band), tables) };
  }

  #takeIn(): void {
    this.#timer = undefined;
    const begun = performance.now();
    const read = this.#read(this.#told.grid);
    this.#costMs = performance.now() - begun;
    this.#tell(read);
  }

  #tell(change: Partial<Told>): void {
    this.#told = { ...this.#told, ...change };
    for (const listener of this.#listeners) listener();
    this.#dirty();
  }

  #setView(view: View): void {
    if (this.#main) this.#tell({ view: clampView(view, this.#told.grid, this.#main.size) });
  }

  #resize(canvas: HTMLCanvasElement): void {
    if (!this.#main) return;
    const { view, grid } = this.#told;
    const fitted = view.zoom <= fitZoom(grid, this.#main.size) * 1.001;
    this.#main.size = sized(canvas);
    this.#setView(fitted ? { x: view.x, y: view.y, zoom: 0 } : view);
  }

  #open(point: Point, view: View): void {
    const { grid } = this.#told;
    const world = toWorld(view, point);
    const index = hitNode(grid, world.x, world.y);
    const name = grid.names[index];
    if (name === undefined) return;
    const pod = podAt(this.#store, { name, zoom: view.zoom, x: (world.x - (grid.x[index] ?? 0)) * view.zoom, y: (world.y - (grid.y[index] ?? 0)) * view.zoom });
    this.#onOpen(pod === null ? `node:${name}` : `pod:${pod}`);
  }

  #dirty(): void {
    if (this.#frame === 0 && this.#main) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint(): void {
    this.#frame = 0;
    const ctx = this.#main?.canvas.getContext("2d");
    if (!this.#main || !ctx) return;
    const { grid, facts, spots, view, lens, walked } = this.#told;
    const { tables } = this.#store;
    const ratio = window.devicePixelRatio || 1;
    this.#palette ??= readPalette(this.#main.canvas);
    const scene: Scene = {
      grid, facts, palette: this.#palette, spots, selected: this.#look.selected, walked, lens,
      node: (name) => tables.nodes.get(name), podsOf: (name) => orderedCells(this.#store, name), pod: (key) => tables.pods.get(key),
    };
    this.#main.canvas.dataset.seen = String(drawScene(ctx, scene, { view, size: this.#main.size, ratio }));
    const glass = this.#glass;
    const near = glass?.getContext("2d");
    if (glass && near) drawScene(near, { ...scene, spots: [], lens: null }, { view: { ...lens, zoom: glass.clientWidth / lens.width }, size: { width: glass.clientWidth, height: glass.clientHeight }, ratio });
  }
}

/** The canvas gets as many dots as the screen has under it. */
function sized(canvas: HTMLCanvasElement): Size {
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(size.width * ratio);
  canvas.height = Math.round(size.height * ratio);
  return size;
}
