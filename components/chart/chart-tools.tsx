"use client";
// What every chart offers in its head: its table, and its values as a file.
import { ActionIcon } from "@mantine/core";
import { IconDownload, IconTable } from "@tabler/icons-react";
import { download, toCsv } from "./csv";

interface ToolsProps { title: string; twin: boolean; turn: () => void; times: readonly number[]; series: readonly { name: string; values: readonly (number | null)[] }[] }

export function ChartTools({ title, twin, turn, times, series }: ToolsProps) {
  const save = () => download(`${title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.csv`, toCsv(times, series));
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={twin ? `${title}: show the chart` : `${title}: show as a table`} aria-pressed={twin} title="Table (T)" onClick={turn}><IconTable size={15} /></ActionIcon>
      <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`${title}: download as CSV`} title="CSV" disabled={series.length === 0} onClick={save}><IconDownload size={15} /></ActionIcon>
    </>
  );
}
