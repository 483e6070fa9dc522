// "Why …?" where a person would ask: a decision of the reference system with what it was taken over and what it costs.
import { decisions, type DecisionTopic } from "@/lib/diagnostics/decisions";
import css from "./why.module.css";

export function Why({ topics }: { topics: readonly DecisionTopic[] }) {
  return topics.map((topic) => {
    const { question, choice, over, why, price } = decisions[topic];
    return (
      <details key={topic} className={css.why}>
        <summary>{question}</summary>
        <p><b>{choice}</b>, over {over}. {why}</p>
        <p className={css.price}>Its price: {price}</p>
      </details>
    );
  });
}
