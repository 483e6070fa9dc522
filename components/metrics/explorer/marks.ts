// How PromQL looks in the editor: colours of our tokens, the same in dark and light.
import { tags } from "@lezer/highlight";

export const promqlMarks = [
  { tag: [tags.string, tags.special(tags.string)], color: "var(--word-blue)" },
  { tag: [tags.number, tags.bool], color: "var(--word-green)" },
  { tag: [tags.keyword, tags.function(tags.variableName), tags.operatorKeyword], color: "var(--tier-1)" },
  { tag: [tags.labelName], color: "var(--word-amber)" },
  { tag: [tags.comment], color: "var(--mut)" },
  { tag: [tags.invalid], color: "var(--word-red)" },
];
