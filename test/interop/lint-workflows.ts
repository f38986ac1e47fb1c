import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expandWorkflow, fillWorkflow } from "#core/init/write-workflow.ts";
import { run } from "./run.ts";

const root = join(import.meta.dirname, "..", "..");
const sha = "0123456789abcdef0123456789abcdef01234567";

/** actionlint 1.7.12 does not know two things that GitHub does: `uses: $/…` (2026-07) and `queue` of a concurrency group. */
const unknownToActionlint = ['specifying action "\\$/', 'unexpected key "queue" for "concurrency" section'];

/** Every workflow that we run, show or write, and every action: paths from the root, those that init writes in `scratch`. */
function gather(scratch: string): { workflows: readonly string[]; actions: readonly string[] } {
  const read = (path: string): string => readFileSync(join(root, path), "utf8");
  const [shown, loop] = [read("docs/workflow.yml"), read(".github/workflows/loop.yml")];
  const folder = join(scratch, ".github", "workflows");
  mkdirSync(folder, { recursive: true });
  const single = /```yaml\n([\s\S]*?)```/.exec(read("actions/loop/README.md"))?.[1] ?? "";
  const written = {
    "filled.yml": fillWorkflow(shown, { ref: sha, branch: "trunk" }),
    "expanded.yml": expandWorkflow(shown, loop, { ref: sha, branch: "trunk" }),
    "single.yml": single.replaceAll("trainyard/trainyard@main", `trainyard/trainyard@${sha}`),
  };
  const files = Object.entries(written).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  });
  const shipped = globSync([".github/workflows/*.yml", "docs/*.yml", "examples/*/.github/workflows/*.yml"], {
    cwd: root,
  });
  return {
    workflows: [...shipped.map((path) => join(root, path)), ...files],
    actions: globSync(["action.yml", "actions/*/action.yml"], { cwd: root }).map((path) => join(root, path)),
  };
}

/** Throws what actionlint finds in a workflow. */
export async function lintByActionlint(program: string, scratch: string): Promise<string> {
  const { workflows } = gather(scratch);
  const ignored = unknownToActionlint.flatMap((pattern) => ["-ignore", pattern]);
  const said = await run(program, ["-no-color", ...ignored, ...workflows], { cwd: root });
  if (said.code !== 0) throw new Error(said.all);
  return `${workflows.length} workflows`;
}

/** Throws what zizmor finds in a workflow or an action, with its strictest eye and without asking anybody. */
export async function lintByZizmor(program: string, scratch: string): Promise<string> {
  const { workflows, actions } = gather(scratch);
  const config = join(import.meta.dirname, "zizmor.yml");
  const options = ["--offline", "--persona", "pedantic", "--no-progress", "--color", "never", "--config", config];
  const said = await run(program, [...options, ...workflows, ...actions], { cwd: root });
  if (said.code !== 0) throw new Error(said.all);

  return `${workflows.length} workflows and ${actions.length} actions`;
}
