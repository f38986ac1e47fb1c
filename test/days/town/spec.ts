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

/** Line by line: what is written so is read in half the time of what stands in braces. */
function renderModel({ name, was, score, atLeast, mayWorsen, stages, combinations, pin, when }: ModelSpec): string {
  return `  ${name}:
${was === undefined ? "" : `    was: ${was}\n`}    inputs:
      data: [train.csv]
      code: [train.sh]
      params: [params.txt]
    train:
      run: sh train.sh
      model: model.txt
      when: ${when}
    predict:
      run: sh predict.sh
    evaluate:
      holdout: holdout.csv
      task: binary
      label: churned
      score: ${score}
    gates:
      - metric: auc
        at-least: ${atLeast}
      - metric: auc
        versus: production
        may-worsen: ${mayWorsen}
    promote:
      stages: [${stages.join(", ")}]
      combinations: ${combinations}
${pin === undefined ? "" : `      pin: ${pin}\n`}`;
}
