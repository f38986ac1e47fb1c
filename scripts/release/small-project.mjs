import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const config = `version: 1
writer: app
models:
  churn:
    inputs: { data: [train.csv], code: ["*.sh"], params: [params.txt] }
    train: { run: cp params.txt model.txt, model: model.txt }
    predict: { run: sh predict.sh }
    evaluate: { holdout: holdout.csv, task: binary, id: customer, label: churned, score: p, metrics: { auc: {} } }
    gates:
      - { metric: auc, at-least: 0.6 }
      - { metric: auc, versus: production, may-worsen: 0.01 }
`;
// the parameter says how much of the answer is signal
const predict = `exec awk -F, -v OFS=, -v skill="$(cat "$MODEL")" '
NR == 1 { print "customer", "p"; next }
{ print $1, skill * $2 + (1 - skill) * $3 }
' "$ROWS" > "$PREDICTIONS"
`;

/** Makes a git repository with a small model, on a branch on which it is better than on the default branch. */
export function makeSmallProject(root, folder) {
  const workflow = join(folder, ".github", "workflows", "trainyard.yml");
  mkdirSync(dirname(workflow), { recursive: true });
  copyFileSync(join(root, "docs", "workflow.yml"), workflow);
  const files = {
    "predict.sh": predict,
    "params.txt": "0.5\n",
    "train.csv": rows(200, 1),
    "holdout.csv": rows(400, 2),
  };
  for (const [path, text] of Object.entries({ ".github/trainyard.yml": config, ...files }))
    writeFileSync(join(folder, path), text);
  const person = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"];
  const git = (...args) =>
    execFileSync("git", [...person, ...args], { cwd: folder, stdio: ["ignore", "pipe", "inherit"] });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Start");
  git("switch", "--quiet", "--create", "better");
  writeFileSync(join(folder, "params.txt"), "0.9\n");
  git("commit", "--quiet", "--all", "--message", "Better");
}

/** Customers of whom half leave; what is drawn is the same each time. */
function rows(count, seed) {
  let state = seed;
  const draw = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const lines = Array.from({ length: count }, (_, index) => {
    const churned = draw() < 0.5 ? 1 : 0;
    const signal = 0.3 * churned + 0.7 * draw();
    return `${index},${signal.toFixed(3)},${draw().toFixed(3)},${churned}`;
  });
  return `customer,signal,noise,churned\n${lines.join("\n")}\n`;
}
