"use client";
// The plan in the middle of the review: groups that fold, items with their key fields, what each waits for and why it is there.
import { TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconSearch } from "@tabler/icons-react";
import { parseAsString, useQueryState } from "nuqs";
import { type KeyboardEvent, useState } from "react";
import { costOfItem, groupPlan, kindWords, type PlanGroup } from "@/lib/provisioning/plan/groups";
import { planActs } from "@/lib/provisioning/model";
import { expectedMs } from "@/lib/provisioning/durations";
import { KeyHint } from "../../ui/key-hint";
import { StatePicture } from "../../ui/state-picture";
import type { PlanItem } from "@/lib/provisioning/plan/model";
import type { PlanAnswer } from "../wire";
import { actMarks, minutes, usd } from "../words";
import { ItemDetail, keyFields } from "./item-detail";
import { moveAmongRows } from "./row-keys";
import css from "./review.module.css";

export function PlanColumn({ plan, cost, counts, longest }: Pick<PlanAnswer, "plan" | "cost" | "counts" | "longest">) {
  const [filter, setFilter] = useQueryState("q", parseAsString.withDefault(""));
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(["control-plane"]));
  const fits = ({ id, reason, act, fields }: PlanItem): boolean => filter === "" || `${id} ${act} ${reason} ${JSON.stringify(fields)}`.toLowerCase().includes(filter.toLowerCase());
  const groups = groupPlan(plan.items.filter(fits), cost.lines);
  const toggle = (id: string): void => setOpen((now) => (now.has(id) ? new Set([...now].filter((each) => each !== id)) : new Set([...now, id])));
  const nothing = plan.items.length > 0 && plan.items.every(({ act }) => act === "keep");
  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => moveAmongRows(event, { filter: "[data-plan-filter]" });
  return (
    <section className={css.column} aria-label="Plan" onKeyDown={onKeyDown}>
      <header className={css.head}>
        <h2>Plan</h2>
        <Counts counts={counts} />
        <TextInput className={css.filter} size="xs" placeholder="Filter plan" aria-label="Filter plan" data-plan-filter value={filter} onChange={(event) => void setFilter(event.currentTarget.value || null)} leftSection={<IconSearch size={13} />} rightSection={<KeyHint>/</KeyHint>} />
      </header>
      <div className={css.scroll} tabIndex={0} role="group" aria-label="The plan's rows">
        <div className={css.columns} aria-hidden><span /><span /><span>Kind</span><span>Name</span><span>Key fields</span><span>≈ time</span><span>$/mo</span></div>
        {nothing && <StatePicture kind="empty" title="Nothing to do" say="The world equals the blueprint." />}
        {groups.length === 0 && <StatePicture kind="empty" title="Nothing matches" say={`No row of the plan contains “${filter}”.`} />}
        {groups.map((group) => <Group key={group.id} group={group} open={open.has(group.id) || filter !== ""} openItems={open} toggle={toggle} lines={cost.lines} />)}
      </div>
      <footer className={css.leg}>
        <span data-act="create"><b>+</b> create</span><span data-act="update"><b>~</b> update</span><span data-act="keep"><b>=</b> keep</span><span data-act="delete"><b>−</b> delete</span>
        <span className={css.longest}>longest path ≈ <b>{minutes(longest.ms)}</b></span>
      </footer>
    </section>
  );
}

function Counts({ counts }: { counts: PlanAnswer["counts"] }) {
  return (
    <span className={css.counts}>
      {planActs.filter((act) => act !== "replace" || (counts[act] ?? 0) > 0).map((act) => <span key={act} data-act={act} data-zero={(counts[act] ?? 0) === 0 || undefined}><b>{actMarks[act].mark} {counts[act] ?? 0}</b> {actMarks[act].word}</span>)}
    </span>
  );
}

interface GroupProps { group: PlanGroup; open: boolean; openItems: ReadonlySet<string>; toggle: (id: string) => void; lines: PlanAnswer["cost"]["lines"] }

function Group({ group, open, openItems, toggle, lines }: GroupProps) {
  const marks = planActs.filter((act) => group.counts[act] > 0).map((act) => ({ act, text: `${actMarks[act].mark}${group.counts[act]}` }));
  return (
    <div>
      <button type="button" className={css.groupRow} data-row={group.id} data-open={open} aria-expanded={open} onClick={() => toggle(group.id)}>
        {open ? <IconChevronDown size={13} aria-hidden /> : <IconChevronRight size={13} aria-hidden />}
        <span className={css.marks}>{marks.map(({ act, text }) => <b key={act} data-act={act}>{text}</b>)}</span>
        <span className={css.groupTitle}>{group.tier !== null && <span className={css.tierBar} data-tier={group.tier} />}{group.title}</span>
        <span className={css.groupSay}>{group.say}</span>
        <span className={css.number}>{minutes(group.ms)}</span>
        <span className={css.number}>{usd(group.monthlyUsd)}</span>
      </button>
      {open && group.items.map((item) => <Item key={`${item.id} ${item.awsId ?? ""}`} item={item} open={openItems.has(item.id)} toggle={() => toggle(item.id)} costUsd={costOfItem(item, lines)} />)}
    </div>
  );
}

function Item({ item, open, toggle, costUsd }: { item: PlanItem; open: boolean; toggle: () => void; costUsd: number | null }) {
  const { mark, word } = actMarks[item.act];
  return (
    <div className={css.item} data-open={open || undefined}>
      <button type="button" className={css.itemRow} data-row={item.id} data-open={open} aria-expanded={open} onClick={toggle}>
        {open ? <IconChevronDown size={13} aria-hidden /> : <IconChevronRight size={13} aria-hidden />}
        <b data-act={item.act} title={word}>{mark}<span className={css.hidden}> {word}</span></b>
        <span className={css.kind}>{kindWords[item.kind]}</span>
        <span className={css.name}>{item.name}</span>
        <span className={css.key}>{keyFields(item)}</span>
        <span className={css.number}>{item.act === "keep" ? "–" : minutes(expectedMs(item.kind))}</span>
        <span className={css.number}>{usd(costUsd)}</span>
      </button>
      {open && <ItemDetail item={item} />}
    </div>
  );
}
