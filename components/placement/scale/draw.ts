// Draws the part of the world that is seen: blocks from afar, a cell per pod nearer by, cards at the nearest. Nothing here knows React or the page.
import type { NodeRow, PodRow, PodState } from "@/lib/placement/model";
import { cpuRatio, memoryRatio, share } from "../map/amounts";
import { block, cardHeadShare, cellsIn, type Grid, headShare } from "./grid";
import type { HotSpot } from "./hot-spots";
import type { Lens } from "./lens";
import { type Facts, flags } from "./shade";
import { levelOf, type Size, type View } from "./view";

export interface Palette { steps: readonly string[]; states: Readonly<Record<PodState, string>>; tiers: readonly string[]; text: string; dim: string; line: string; page: string; surface: string; fill: string; track: string; focus: string; mono: string }

export interface Scene {
  grid: Grid;
  facts: Facts;
  palette: Palette;
  spots: readonly HotSpot[];
  /** Where the lens is, in the world; null on the lens itself. */
  lens: Lens | null;
  node(name: string): NodeRow | undefined;
  /** In the order in which the cells stand. */
  podsOf(name: string): readonly string[];
  pod(key: string): PodRow | undefined;
  selected: string;
  /** Where the keyboard stands, "" for nowhere. */
  walked: string;
}

type Ctx = CanvasRenderingContext2D;

/** Returns how many blocks were in sight. */
export function drawScene(ctx: Ctx, scene: Scene, { view, size, ratio }: { view: View; size: Size; ratio: number }): number {
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, size.width, size.height);
  const { grid } = scene;
  const level = levelOf(view.zoom);
  const edge = block * view.zoom;
  for (const band of grid.bands) drawBand(ctx, scene, { view, size, top: (band.y - view.y) * view.zoom, height: band.height * view.zoom });
  let seen = 0;
  for (let index = 0; index < grid.names.length; index += 1) {
    const x = ((grid.x[index] ?? 0) - view.x) * view.zoom;
    const y = ((grid.y[index] ?? 0) - view.y) * view.zoom;
    if (x + edge < 0 || y + edge < 0 || x > size.width || y > size.height) continue;
    seen += 1;
    ctx.globalAlpha = (scene.facts.flag[index] ?? 0) & flags.dim ? 0.2 : 1;
    if (level === "block") drawBlock(ctx, scene, { index, x, y, edge });
    else drawNode(ctx, scene, { index, x, y, edge, card: level === "card" });
  }
  ctx.globalAlpha = 1;
  for (const spot of scene.spots) drawSpot(ctx, scene.palette, { spot, view });
  const walked = grid.at.get(scene.walked);
  if (walked !== undefined) drawWalked(ctx, scene.palette, { x: ((grid.x[walked] ?? 0) - view.x) * view.zoom, y: ((grid.y[walked] ?? 0) - view.y) * view.zoom, edge });
  if (scene.lens) frame(ctx, { ...toScreen(scene.lens, view), colour: scene.palette.text, line: 2 });
  return seen;
}

/** A ring with a gap, so that it is seen on a light block and on a dark one. */
function drawWalked(ctx: Ctx, palette: Palette, { x, y, edge }: { x: number; y: number; edge: number }): void {
  frame(ctx, { x: x - 2, y: y - 2, width: edge + 4, height: edge + 4, colour: palette.page, line: 1 });
  frame(ctx, { x: x - 4, y: y - 4, width: edge + 8, height: edge + 8, colour: palette.focus, line: 2 });
}

function drawBand(ctx: Ctx, { palette, grid }: Scene, { view, size, top, height }: { view: View; size: Size; top: number; height: number }): void {
  if (top > size.height || top + height < 0) return;
  const right = Math.min(size.width, (grid.width - view.x) * view.zoom);
  ctx.fillStyle = palette.surface;
  ctx.fillRect(0, top, right, height);
  frame(ctx, { x: -1, y: top, width: right + 1, height, colour: palette.line });
}

interface Place { index: number; x: number; y: number; edge: number }

function drawBlock(ctx: Ctx, { facts, palette, grid, selected }: Scene, { index, x, y, edge }: Place): void {
  const flag = facts.flag[index] ?? 0;
  ctx.fillStyle = palette.steps[facts.step[index] ?? 0] ?? palette.fill;
  if (flag & flags.notReady) hatch(ctx, palette, { x, y, edge });
  else if (flag & flags.cordoned) {
    ctx.fillRect(x, y + edge / 2, edge, edge / 2);
    frame(ctx, { x, y, width: edge, height: edge, colour: palette.dim, line: 1 });
  } else ctx.fillRect(x, y, edge, edge);
  if (flag & flags.failed) {
    ctx.fillStyle = palette.states.failed;
    ctx.beginPath();
    ctx.arc(x + edge / 2, y + edge / 2, Math.max(2, edge * 0.28), 0, 7);
    ctx.fill();
  }
  if (grid.names[index] === selected) frame(ctx, { x, y, width: edge, height: edge, colour: palette.text, line: 2 });
}

function hatch(ctx: Ctx, palette: Palette, { x, y, edge }: { x: number; y: number; edge: number }): void {
  ctx.strokeStyle = palette.dim;
  ctx.lineWidth = 1;
  ctx.strokeRect(x + 0.5, y + 0.5, edge - 1, edge - 1);
  ctx.beginPath();
  for (let at = edge / 3; at < edge * 2; at += Math.max(3, edge / 3)) {
    ctx.moveTo(x + Math.max(0, at - edge), y + Math.min(edge, at));
    ctx.lineTo(x + Math.min(edge, at), y + Math.max(0, at - edge));
  }
  ctx.stroke();
}

function drawNode(ctx: Ctx, scene: Scene, { index, x, y, edge, card }: Place & { card: boolean }): void {
  const { palette, facts, grid } = scene;
  const name = grid.names[index] ?? "";
  const flag = facts.flag[index] ?? 0;
  const chosen = scene.selected === name;
  ctx.fillStyle = palette.page;
  ctx.fillRect(x, y, edge, edge);
  frame(ctx, { x, y, width: edge, height: edge, colour: chosen ? palette.text : flag & flags.notReady ? palette.states.failed : palette.line, line: chosen ? 2 : 1 });
  if (card) drawCardHead(ctx, scene, { index, x, y, edge });
  else {
    ctx.fillStyle = palette.steps[facts.step[index] ?? 0] ?? palette.fill;
    ctx.fillRect(x + edge * 0.04, y + edge * 0.05, edge * 0.92, Math.max(2, edge * 0.05));
  }
  const keys = scene.podsOf(name);
  const cells = cellsIn(keys.length, edge, card ? cardHeadShare : headShare);
  const cell = Math.min(cells.pitch * 0.82, card ? 14 : cells.pitch);
  for (const [at, key] of keys.entries()) {
    const pod = scene.pod(key);
    if (pod) drawCell(ctx, palette, { pod, x: x + cells.left + (at % cells.columns) * cells.pitch, y: y + cells.top + Math.floor(at / cells.columns) * cells.pitch, size: cell });
  }
}

function drawCardHead(ctx: Ctx, { palette, grid, node }: Scene, { index, x, y, edge }: Place): void {
  const row = node(grid.names[index] ?? "");
  if (!row) return;
  const text = (words: string, at: { x: number; y: number; colour: string; right?: boolean }) => {
    ctx.fillStyle = at.colour;
    ctx.textAlign = at.right ? "right" : "left";
    ctx.fillText(words, at.x, at.y, edge - 16);
  };
  ctx.font = `12px ${palette.mono}`;
  text(row.name, { x: x + 8, y: y + 17, colour: palette.text });
  ctx.font = `11px ${palette.mono}`;
  text(`${row.pods} pods${row.cordoned ? " · cordoned" : ""}`, { x: x + 8, y: y + 31, colour: palette.dim });
  const bars = [
    { ratio: cpuRatio(row.requestedCpuMillis, row.cpuMillis), part: share(row.requestedCpuMillis, row.cpuMillis) },
    { ratio: memoryRatio(row.requestedMemoryBytes, row.memoryBytes), part: share(row.requestedMemoryBytes, row.memoryBytes) },
  ];
  for (const [at, { ratio, part }] of bars.entries()) {
    const top = y + 42 + at * 13;
    const width = edge - 16 - 96;
    ctx.fillStyle = palette.track;
    ctx.fillRect(x + 8, top, width, 4);
    ctx.fillStyle = palette.fill;
    ctx.fillRect(x + 8, top, width * (Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 0), 4);
    text(`${ratio.part}/${ratio.whole}`, { x: x + edge - 8, y: top + 6, colour: palette.dim, right: true });
  }
}

function drawCell(ctx: Ctx, palette: Palette, cell: Square & { pod: PodRow }): void {
  const { pod, x, y, size } = cell;
  const colour = palette.states[pod.state];
  ctx.fillStyle = colour;
  ctx.strokeStyle = colour;
  const alpha = ctx.globalAlpha;
  if (pod.everywhere && pod.workload !== "") ctx.globalAlpha = alpha * 0.55;
  shapes[pod.state](ctx, cell);
  ctx.globalAlpha = alpha;
  if (pod.drift && pod.declared !== null && size >= 5) frame(ctx, { x: x - 1.5, y: y - 1.5, width: size + 3, height: size + 3, colour: palette.tiers[pod.declared] ?? palette.dim, line: 1 });
}

interface Square { x: number; y: number; size: number }
type Shape = (ctx: Ctx, square: Square) => void;
const box: Shape = (ctx, { x, y, size }) => ctx.fillRect(x, y, size, size);
const outline: Shape = (ctx, { x, y, size }) => {
  ctx.lineWidth = Math.max(1, size * 0.14);
  ctx.strokeRect(x + ctx.lineWidth / 2, y + ctx.lineWidth / 2, size - ctx.lineWidth, size - ctx.lineWidth);
};
const polygon = (points: readonly (readonly [number, number])[]): Shape => (ctx, { x, y, size }) => {
  ctx.beginPath();
  for (const [px, py] of points) ctx.lineTo(x + px * size, y + py * size);
  ctx.fill();
};

const shapes: Record<PodState, Shape> = {
  running: box,
  done: outline,
  starting: (ctx, { x, y, size }) => {
    ctx.lineWidth = Math.max(1, size * 0.18);
    ctx.beginPath();
    ctx.arc(x + size / 2, y + size / 2, size / 2 - ctx.lineWidth / 2, 0, 7);
    ctx.stroke();
  },
  warning: polygon([[0.5, 0], [1, 1], [0, 1]]),
  failed: polygon([[0.5, -0.05], [1.05, 0.5], [0.5, 1.05], [-0.05, 0.5]]),
  pending: (ctx, square) => {
    const { size } = square;
    ctx.setLineDash([size / 4, size / 6]);
    outline(ctx, square);
    ctx.setLineDash([]);
  },
  terminating: (ctx, square) => {
    const { x, y, size } = square;
    outline(ctx, square);
    ctx.fillRect(x, y + size / 2, size, size / 2);
  },
  unknown: (ctx, square) => {
    const { x, y, size } = square;
    outline(ctx, square);
    ctx.beginPath();
    ctx.moveTo(x, y + size);
    ctx.lineTo(x + size, y);
    ctx.stroke();
  },
};

function drawSpot(ctx: Ctx, palette: Palette, { spot, view }: { spot: HotSpot; view: View }): void {
  const at = toScreen(spot, view);
  frame(ctx, { ...at, colour: palette.text, line: 1 });
  ctx.fillStyle = palette.text;
  ctx.fillRect(at.x, at.y, 11, 12);
  ctx.fillStyle = palette.page;
  ctx.font = `600 10px ${palette.mono}`;
  ctx.textAlign = "left";
  ctx.fillText(spot.tag, at.x + 2.5, at.y + 9.5);
}

function toScreen(rect: { x: number; y: number; width: number; height: number }, view: View) {
  return { x: (rect.x - view.x) * view.zoom - 1.5, y: (rect.y - view.y) * view.zoom - 1.5, width: rect.width * view.zoom + 3, height: rect.height * view.zoom + 3 };
}

function frame(ctx: Ctx, { x, y, width, height, colour, line = 1 }: { x: number; y: number; width: number; height: number; colour: string; line?: number }): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = line;
  ctx.strokeRect(x + line / 2, y + line / 2, width - line, height - line);
}
