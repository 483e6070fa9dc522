"use client";
// The bell: how many notices came since it was opened last, the latest of them, and leave to notify by the browser.
import { Button, Popover, Text, UnstyledButton } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconBell } from "@tabler/icons-react";
import Link from "next/link";
import { useState } from "react";
import type { Notice } from "@/lib/notices/model";
import { timeOfDay } from "../jobs/words";
import { PodMark } from "../placement/pod-mark";
import css from "./bell.module.css";
import { useNotices } from "./queries";
import { browserNotices, moodMarks, moodWords, tell } from "./tell";

export function Bell() {
  const { data: notices, error } = useNotices(tell);
  const [open, setOpen] = useState(false);
  // Per browser and shared by its tabs: what was seen in one is not new in another.
  const [seen, setSeen] = useLocalStorage({ key: "quarterdeck.notices.seen", defaultValue: 0 });
  const latest = notices?.[0]?.id ?? 0;
  const fresh = notices?.filter(({ id }) => id > seen).length ?? 0;
  const turn = (to: boolean) => {
    setOpen(to);
    if (latest > seen) setSeen(latest);
  };
  return (
    <Popover opened={open} onChange={turn} position="bottom-end" width={360} trapFocus returnFocus withinPortal>
      <Popover.Target>
        <UnstyledButton className={css.button} aria-label={fresh > 0 ? `Notices, ${fresh} new` : "Notices"} aria-expanded={open} onClick={() => turn(!open)}>
          <IconBell size={16} aria-hidden />
          {fresh > 0 && <span className={css.count} aria-hidden>{fresh > 9 ? "9+" : fresh}</span>}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={css.box} aria-label="Notices">
        {error && !notices && <Text size="sm" c="red" role="alert" p="sm">{error.message}</Text>}
        {!error && !notices && <Text size="sm" p="sm" role="status">Notices are being fetched.</Text>}
        {notices?.length === 0 && <Text size="sm" p="sm">Nothing yet. When a job ends or needs you, it is told here.</Text>}
        {notices && notices.length > 0 && <ul className={css.list} tabIndex={0} aria-label="Latest notices">{notices.map((notice) => <Line key={notice.id} notice={notice} onOpen={() => turn(false)} />)}</ul>}
        <Leave />
      </Popover.Dropdown>
    </Popover>
  );
}

function Line({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  return (
    <li className={css.line}>
      <PodMark state={moodMarks[notice.mood]} size={12} />
      <div>
        <Link href={notice.href} prefetch={false} onClick={onOpen}>{notice.title}</Link> <span className={css.mood} data-mood={notice.mood}>{moodWords[notice.mood]}</span>
        <p>{notice.say}</p>
      </div>
      <time dateTime={new Date(notice.at).toISOString()} suppressHydrationWarning>{timeOfDay(notice.at)}</time>
    </li>
  );
}

function Leave() {
  const [allowed, setAllowed] = useState(browserNotices);
  if (allowed === "none") return null;
  if (allowed === "granted") return <p className={css.foot}>This browser also notifies you while you look elsewhere.</p>;
  if (allowed === "denied") return <p className={css.foot}>This browser was told not to notify; its settings for this site change that.</p>;
  return <div className={css.foot}><Button size="compact-xs" variant="default" onClick={() => void Notification.requestPermission().then(setAllowed)}>Notify me by the browser too</Button></div>;
}
