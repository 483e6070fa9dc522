// Keys in the plan: j and k go from row to row, left and right fold, / goes to the filter.
import type { KeyboardEvent } from "react";

export function moveAmongRows(event: KeyboardEvent<HTMLElement>, { filter }: { filter: string }): void {
  const { target, currentTarget, key } = event;
  if (!(target instanceof HTMLElement) || event.metaKey || event.ctrlKey || event.altKey) return;
  if (target instanceof HTMLInputElement) return;
  if (key === "/") {
    event.preventDefault();
    currentTarget.querySelector<HTMLElement>(`${filter}`)?.focus();
    return;
  }
  const rows = [...currentTarget.querySelectorAll<HTMLElement>("[data-row]")];
  const at = rows.indexOf(target);
  if (key === "j" || key === "k") {
    event.preventDefault();
    rows[Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))]?.focus();
  }
  const open = target.dataset["open"];
  if (at >= 0 && ((key === "ArrowRight" && open === "false") || (key === "ArrowLeft" && open === "true"))) {
    event.preventDefault();
    target.click();
  }
}
