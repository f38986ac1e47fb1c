import { localModel } from "#test/flow/local/local-loop.ts";

/** One model of a config, as the laws see it. */
export type ModelSpec = {
  name: string;
  was: string | undefined;
  /** the score column: a part of the definitions */
  score: "p" | "q";
  atLeast: number;
  mayWorsen: number;
  stages: readonly string[];
  combinations: "wait" | "gate";
  pin: string | undefined;
  when: "push" | "ready" | "label" | "command";
};

export type Spec = { writer: "app" | "actions"; models: readonly ModelSpec[] };

/** The config in the words that people write. */
export function renderSpec({ writer, models }: Spec): string {
  return `version: 1\nwriter: ${writer}\nmodels:\n${models.map(renderModel).join("")}`;
}

function renderModel(model: ModelSpec): string {
  const { name, was, score, atLeast, mayWorsen, stages, combinations, pin, when } = model;
  const promote = `{ stages: [${stages.join(", ")}], combinations: ${combinations}${pin === undefined ? "" : `, pin: ${pin}`} }`;
  return localModel(promote, name)
    .replace(`  ${name}:\n`, was === undefined ? `  ${name}:\n` : `  ${name}:\n    was: ${was}\n`)
    .replace("score: p", `score: ${score}`)
    .replace("at-least: 0.6", `at-least: ${atLeast}`)
    .replace("may-worsen: 0.01", `may-worsen: ${mayWorsen}`)
    .replace("model: model.txt }", `model: model.txt, when: ${when} }`);
}
