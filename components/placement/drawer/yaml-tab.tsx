// The object as YAML, as the API has it; secret values were masked by the server.
import { stringify } from "yaml";
import { CopyButton } from "@/components/ui/copy-button";
import css from "./drawer.module.css";

export function YamlTab({ object, what }: { object: unknown; what: string }) {
  const text = stringify(object, { lineWidth: 0 });
  return (
    <>
      <h3 className={css.section}>YAML <CopyButton text={text} what={`the YAML of ${what}`} /></h3>
      <pre className={css.yaml} tabIndex={0}>{text}</pre>
    </>
  );
}
