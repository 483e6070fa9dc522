// A definition as the text that people edit, and what is wrong with such a text.
import { analysisDefinition, type AnalysisDefinition } from "@/lib/canary/model";

export const pretty = (definition: AnalysisDefinition): string => JSON.stringify(definition, null, 2);

export function definitionOf(text: string): { definition: AnalysisDefinition } | { fault: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    return { fault: `This is no JSON: ${thrown instanceof Error ? thrown.message : "it cannot be read"}` };
  }
  const parsed = analysisDefinition.safeParse(json);
  if (parsed.success) return { definition: parsed.data };
  const [first] = parsed.error.issues;
  return { fault: first ? `${first.path.join(".") || "the whole"}: ${first.message}` : "It does not fit." };
}
