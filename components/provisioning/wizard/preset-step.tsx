// The presets to begin with: how many machines, what they cost, what they risk.
import type { PresetsAnswer } from "../wire";
import css from "./wizard.module.css";

export function PresetStep({ presets, chosen, choose, disabled }: { presets: PresetsAnswer["presets"]; chosen: string; choose: (name: PresetsAnswer["presets"][number]["name"]) => void; disabled: boolean }) {
  return (
    <section className={css.section} aria-label="Presets">
      <h2>Begin with</h2>
      <div className={css.presets}>
        {presets.map(({ name, title, say, cost }) => (
          <button key={name} type="button" className={css.preset} aria-pressed={chosen === name} disabled={disabled} onClick={() => choose(name)}>
            <b>{title}</b><span className={css.cost}>${cost.toFixed(2)} a month</span><span>{say}</span>
          </button>
        ))}
      </div>
      <p className={css.note}>Everything can be changed in the next steps, as a form or as YAML; nothing is made before the review.</p>
    </section>
  );
}
