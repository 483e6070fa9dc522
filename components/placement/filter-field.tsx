"use client";
// The filter as typed: kept in the address, a wrong token underlined with what is allowed, the number of matches at its right.
import { useHotkeys } from "@mantine/hooks";
import { IconSearch, IconX } from "@tabler/icons-react";
import { parseAsString, useQueryState } from "nuqs";
import { useMemo, useRef, useSyncExternalStore } from "react";
import { type Filter, parseFilter } from "@/lib/placement/filter";
import { KeyHint } from "../ui/key-hint";
import { filterParam } from "./address";
import css from "./filter-field.module.css";
import type { PlacementStore } from "./store";
import { createRowOrder } from "./table/row-order";

export function FilterField({ store }: { store: PlacementStore }) {
  const [text, setText] = useQueryState(filterParam, parseAsString.withDefault(""));
  const parsed = useMemo(() => parseFilter(text), [text]);
  const input = useRef<HTMLInputElement>(null);
  const mirror = useRef<HTMLDivElement>(null);
  useHotkeys([["/", () => input.current?.focus()]]);
  const align = () => {
    if (mirror.current && input.current) mirror.current.scrollLeft = input.current.scrollLeft;
  };
  const wrong = parsed.ok ? null : parsed;
  return (
    <div className={css.row}>
      <div className={css.field} data-wrong={wrong ? true : undefined}>
        <IconSearch size={14} aria-hidden className={css.icon} />
        <div className={css.texts}>
          <div ref={mirror} className={css.mirror} aria-hidden>
            {wrong ? (
              <>
                {text.slice(0, wrong.at)}
                <u>{text.slice(wrong.at, wrong.at + wrong.length)}</u>
                {text.slice(wrong.at + wrong.length)}
              </>
            ) : null}
          </div>
          <input
            ref={input}
            className={css.input}
            value={text}
            onChange={({ currentTarget }) => void setText(currentTarget.value || null)}
            onScroll={align}
            onKeyDown={({ key }) => key === "Escape" && (text === "" ? input.current?.blur() : void setText(null))}
            placeholder="tier:4 status:pending node: ns: app: drift:true cpu:>80"
            aria-label="Filter pods and nodes"
            aria-invalid={wrong ? true : undefined}
            aria-describedby={wrong ? "filter-wrong" : undefined}
            spellCheck={false}
            autoComplete="off"
          />
        </div>
        {parsed.ok && parsed.filter.terms.length > 0 && <Matches store={store} filter={parsed.filter} />}
        {text !== "" && (
          <button type="button" className={css.clear} onClick={() => void setText(null)} aria-label="Clear the filter">
            <IconX size={13} />
          </button>
        )}
        <span className={css.key}><KeyHint>/</KeyHint></span>
      </div>
      {wrong && <p id="filter-wrong" role="status" className={css.wrong}>{wrong.say}</p>}
    </div>
  );
}

function Matches({ store, filter }: { store: PlacementStore; filter: Filter }) {
  const order = useMemo(() => createRowOrder(store, { table: "pods", filter, sort: null }), [store, filter]);
  const { length } = useSyncExternalStore(order.subscribe, order.read, order.read);
  return <span className={css.matches} role="status">{length.toLocaleString("en")} match{length === 1 ? "" : "es"}</span>;
}
