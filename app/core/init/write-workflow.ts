/** How the team's workflow calls ours: the ref of trainyard/trainyard, and the branch that is merged into. */
export type WorkflowChoice = { ref: string; branch: string };

const call = "trainyard/trainyard/.github/workflows/loop.yml@main";
const branches = "branches: [main]";

/** docs/workflow.yml, the file that users copy, for this ref and this default branch. */
export function fillWorkflow(shown: string, { ref, branch }: WorkflowChoice): string {
  if (!shown.includes(call) || !shown.includes(branches))
    throw new Error(`Cannot write the workflow: the one of docs/workflow.yml does not say "${call}" and "${branches}"`);
  return shown.replaceAll(call, call.replace("@main", `@${ref}`)).replaceAll(branches, `branches: [${quote(branch)}]`);
}

/**
 * The whole loop as the team's own workflow: the triggers and the concurrency of docs/workflow.yml, the jobs of loop.yml
 * with our actions by name. Each job says what it may do, and why.
 */
export function expandWorkflow(shown: string, loop: string, choice: WorkflowChoice): string {
  const head = fillWorkflow(shown, choice).split(/^jobs:$/m)[0] ?? "";
  const jobs = loop.slice(loop.search(/^jobs:$/m));
  const ours = jobs
    .replaceAll(/uses: \$\/actions\/([a-z-]+)/g, `uses: trainyard/trainyard/actions/$1@${choice.ref}`)
    .replaceAll(
      "secrets: ${{ secrets.secrets }}",
      "# dotenv text (NAME=value a line); the config says which of its names a training gets\n          secrets: ${{ secrets.TRAINYARD_SECRETS }}",
    );
  if (ours.includes("$/") || !ours.startsWith("jobs:"))
    throw new Error('Cannot write the workflow out: loop.yml is not as expected, it has no "jobs:" or an unknown "$/"');
  return `${head}${ours}`;
}

/** A branch as it stands in a list: names of branches are patterns there. */
const quote = (branch: string): string =>
  /^[A-Za-z][\w./-]*$/.test(branch) ? branch : JSON.stringify(branch.replaceAll(/[*?+[\]!\\]/g, "\\$&"));
