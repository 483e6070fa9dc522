// Tells of a notice where people look: in the page, and by the browser itself when they allowed it and look elsewhere.
import { notifications } from "@mantine/notifications";
import Link from "next/link";
import type { Mood, Notice } from "@/lib/notices/model";
import type { PodState } from "@/lib/placement/model";
import { PodMark } from "../placement/pod-mark";

export const moodMarks: Record<Mood, PodState> = { good: "running", ask: "warning", bad: "failed", plain: "terminating" };
export const moodWords: Record<Mood, string> = { good: "succeeded", ask: "needs you", bad: "failed", plain: "stopped" };

/** What needs a person stays until it is closed; the rest goes by itself. */
const staysMs = 8000;

export function tell(notice: Notice): void {
  notifications.show({
    id: `notice-${notice.source}`,
    title: `${notice.title}: ${moodWords[notice.mood]}`,
    message: <>{notice.say} <Link href={notice.href}>Open {notice.source.startsWith("job-") ? notice.source : "it"}</Link></>,
    icon: <PodMark state={moodMarks[notice.mood]} size={14} />,
    color: "transparent",
    autoClose: notice.mood === "ask" || notice.mood === "bad" ? false : staysMs,
  });
  if (browserNotices() !== "granted" || !document.hidden) return;
  // One tag for all tabs and windows: the same notice is shown once.
  const shown = new Notification(`${notice.title}: ${moodWords[notice.mood]}`, { body: notice.say, tag: `quarterdeck-${notice.id}` });
  shown.onclick = () => {
    window.focus();
    window.location.assign(notice.href);
  };
}

/** Whether the browser may notify; "none" where it cannot. */
export function browserNotices(): NotificationPermission | "none" {
  return typeof Notification === "undefined" ? "none" : Notification.permission;
}
