import type { Town } from "../town/town.ts";
import type { StoredPull } from "#test/flow/local/memory.ts";
import type { PullAnswer } from "#flow/pull/reconcile-pull.ts";
import { isGreen, judgeChange, type Expected } from "./judge.ts";
import type { Ledger, Review } from "./ledger.ts";
import type { ModelSpec } from "../town/spec.ts";

const reviewable = new Set([
  "pass",
  "first",
  "return",
  "inconclusive",
  "retired",
  "settings",
  "not_affected",
  "fail",
  "error",
  "untrained",
]);

/** Compares every open pull request's verdict with the laws, and remembers it as its last. */
export function checkPulls(town: Town, ledger: Ledger, answers: ReadonlyMap<number, PullAnswer>): string | undefined {
  for (const pull of town.open) {
    const answer = answers.get(pull.number);
    const wrong = answer === undefined ? "nobody looked at it" : checkPull(town, ledger, pull, answer);
    if (wrong !== undefined) return `#${pull.number}: ${wrong}`;
  }
  return undefined;
}

function checkPull(town: Town, ledger: Ledger, pull: StoredPull, { observed, models }: PullAnswer): string | undefined {
  const reports = town.world.memory.comments.filter(
    ({ issue, body }) => issue === pull.number && body.includes("trainyard:report"),
  );
  if (reports.length > 1) return `it has ${reports.length} reports`;
  const check = town.world.memory.checks.find(({ head }) => head === pull.head.sha)?.check;
  if (check === undefined) {
    // with Actions only a fork is told of by the next run on the default branch, and no run starts where there is a conflict
    return pull.fork || pull.mergeable !== true || town.settings.writer === "actions" ? undefined : "it has no check";
  }
  if (check.state.kind !== "completed") return "its check is still in progress";
  const passes = check.state.conclusion === "success";
  if (pull.mergeable !== true) return passes ? "its check is green, and it cannot be merged" : undefined;
  const { files, both } = town.mergedWith(pull.head.sha);
  if (both && !town.settings.testMerges) {
    if (observed.outcome.kind === "models")
      return models.some(({ change }) => change.kind !== "not_affected")
        ? "it is judged, though both sides changed a path"
        : undefined;
    if (passes && !town.settings.queue) return "its check is green, though both sides changed a path";
    return undefined;
  }
  const expected = judgeChange(town, ledger, {
    base: town.repo.main.files,
    merged: files,
    pull: pull.number,
    messages: pull.messages,
  });
  const said = new Map(
    models.map(({ change, answer }) => [String(change.name), answer.kind === "verdict" ? answer.verdict : undefined]),
  );
  const greens: (boolean | undefined)[] = [];
  for (const one of expected) {
    const verdict = said.get(one.name);
    const kind = verdict?.kind ?? (said.has(one.name) ? "pending" : "not_affected");
    if (!one.kinds.includes(kind))
      return `${one.name} is "${kind}" (${verdict?.because ?? ""}), and should be ${one.kinds.join(" or ")}`;
    // a queue trains the group of what is out of date, if its last verdict was green
    const green = kind === "stale" && town.settings.queue ? undefined : isGreen(ledger, one, kind, gatesFor(town, one));
    if (verdict !== undefined && green !== undefined && verdict.green !== green)
      return `${one.name} is "${kind}" and ${verdict.green ? "" : "not "}green (${verdict.because})`;
    greens.push(green);
    remember(ledger, `pull ${pull.head.sha} ${pull.number} ${one.name}`, one, kind, verdict?.green ?? green ?? false);
  }
  const isQueued = town.settings.queue && [...said.values()].some((verdict) => verdict?.kind === "stale");
  if (!isQueued && !greens.includes(undefined) && passes !== greens.every(Boolean))
    return `its check says ${check.state.conclusion} ("${check.title}"), and its models are ${expected.map(({ name, kinds }) => `${name} ${kinds.join("/")}`).join(", ")}`;
  return undefined;
}

export function remember(
  ledger: Ledger,
  key: string,
  { recipe, artifacts }: Expected,
  kind: string,
  green: boolean,
): void {
  if (!reviewable.has(kind)) return;
  const review: Review = { kind, green, recipe, artifacts, unsure: false };
  ledger.reviews.set(key, review);
}

/** The gates that decide: the base branch's, a new model's own. */
export function gatesFor(town: Town, { name }: Expected): ModelSpec {
  const { models } = town.spec;
  const found = models.find((one) => one.name === name);
  if (found !== undefined) return found;
  for (const pull of town.open) {
    const model = town.repo.spec(town.mergedWith(pull.head.sha).files).models.find((one) => one.name === name);
    const old = models.find((one) => one.name === model?.was);
    if (model !== undefined) return old ?? model;
  }
  return (
    models[0] ?? {
      name,
      was: undefined,
      score: "p",
      atLeast: 0.6,
      mayWorsen: 0.01,
      stages: [],
      combinations: "wait",
      pin: undefined,
      when: "push",
    }
  );
}
