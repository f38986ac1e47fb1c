import { plainLine } from "#core/message/escape.ts";
import type { Place } from "./clone-view.ts";
import type { InitPlan } from "./plan-init.ts";

export type WrittenFile = { path: string; text: string; existed: boolean };
export type InitAnswer = {
  plan: InitPlan;
  files: readonly WrittenFile[];
  ref: string;
  /** the one that pull requests go to */
  branch: string;
  /** the one that is checked out, if any is */
  current: string | undefined;
  expanded: boolean;
  dryRun: boolean;
};

/** What was written and why, one thing a line, and what to do next. What strangers wrote is shown as plain text. */
export function renderInit(answer: InitAnswer): string {
  const { plan, files, dryRun } = answer;
  const did = dryRun ? "Would write" : "Wrote";
  return [
    ...(dryRun ? files.map(({ path, text }) => `--- ${path}\n${text}`) : []),
    ...files.map(({ path, existed }) => `${did} ${path}${existed ? " over the one that was there" : ""}`),
    "",
    "Guessed, and from where:",
    ...plan.guesses.map(
      ({ key, value, because, at }) =>
        `  ${key}: ${show(value)}  (${show(because)}${at === undefined ? "" : `, ${where(at)}`})`,
    ),
    ...(plan.open.length === 0
      ? []
      : [
          "",
          "To fill in, before anything can run:",
          ...plan.open.map(({ path, fill, line }) => `  ${files[0]?.path ?? ""}:${line}: ${path}: ${show(fill)}`),
        ]),
    ...(plan.warnings.length === 0
      ? []
      : [
          "",
          "Look at:",
          ...plan.warnings.map(({ message, at }) => `  ${at === undefined ? "" : `${where(at)}: `}${show(message)}`),
        ]),
    "",
    "Good to know:",
    ...tellFacts(answer).map((line) => `  ${line}`),
    "",
    "Next:",
    ...tellNext(answer).map((line, index) => `  ${index + 1}. ${line}`),
    "",
  ].join("\n");
}

/** Plain sentences about GitHub that decide how the loop behaves in this repository. */
function tellFacts({ ref, expanded }: InitAnswer): readonly string[] {
  const uses = expanded ? "The workflow's actions follow" : "The workflow calls";
  return [
    ...(/^[0-9a-f]{40}$/.test(ref)
      ? []
      : [`${uses} trainyard/trainyard@${ref}, which can move: --ref with a commit of 40 digits pins it`]),
    "Models and predictions are artifacts until they are released: free accounts have 500 MB of them in private repositories",
    "promote: environment waits for reviewers; in private repositories below GitHub Enterprise, environments have no reviewers and gate nothing",
    "In a public repository pull requests come from strangers: keep runs-on to GitHub's own runners, never self-hosted ones",
  ];
}

function tellNext({ plan, files, branch, current, expanded }: InitAnswer): readonly string[] {
  const { open } = plan;
  const isThere = current !== undefined && current !== branch && /trainyard/i.test(current);
  const leave = isThere ? "" : "git switch -c add-trainyard && ";
  return [
    ...(open.length === 0 ? [] : [`fill in what is open in ${files[0]?.path ?? ""}, then: trainyard config`]),
    "say what a first model must reach: the commented gate at-least",
    `${leave}git add .github && git commit -m "Add Trainyard", then: trainyard check`,
    `push it and open a pull request into ${show(branch)}: its report is information only, as the workflow is not on that branch yet`,
    'merge it; an issue then says "waits for /promote": commenting that starts production',
    `require the check: name "${expanded ? "verdict" : "loop / verdict"}" in a rule for the branch`,
  ];
}

const where = ({ path, line }: Place): string => `${show(path)}:${line}`;
const show = (text: string): string => plainLine(text, 400);
