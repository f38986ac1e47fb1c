import type { GitStore } from "./git-store.ts";
import { changedPaths } from "./changed-paths.ts";

const folder = ".github/workflows/";

/** Set for a push whose token may not touch workflows. */
export const guardVariable = "FORGE_WORKFLOWS_REFUSED";
/** Refs that a push may move forwards only, with spaces around each. */
export const forwardVariable = "FORGE_FORWARD_ONLY";

/**
 * The hook that refuses pushes which only git can judge, as it alone has the new commits: those that change workflows (it
 * looks at every commit that the repository does not have yet, as GitHub does), and those that go back where rules forbid it.
 */
export const preReceiveHook = `#!/bin/sh
test -n "$${guardVariable}$${forwardVariable}" || exit 0
while read -r before after name; do
  case $${forwardVariable} in *" $name "*)
    case $before$after in *0000000000000000000000000000000000000000*) ;; *)
      git merge-base --is-ancestor "$before" "$after" || {
        echo "error: GH013: Repository rule violations found for $name." >&2
        echo "- Cannot force-push to this branch" >&2
        exit 1
      } ;;
    esac ;;
  esac
  test -n "$${guardVariable}" || continue
  case $after in *[!0]*) ;; *) continue ;; esac
  path=$(git log --format= --name-only --no-renames -m "$after" --not --all -- ${folder} | head -n 1)
  test -z "$path" || {
    echo "refusing to allow a GitHub App to create or update workflow \\\`$path\\\` without \\\`workflows\\\` permission" >&2
    exit 1
  }
done
`;

/** The workflow file that a commit changes against its first parent, if any. */
export async function changedWorkflow(git: GitStore, sha: string): Promise<string | undefined> {
  const commit = await git.commit(sha);
  if (commit === undefined) return undefined;
  const [first] = commit.parents;
  const parent = first === undefined ? undefined : await git.commit(first);
  const paths = await changedPaths(git, parent?.tree ?? null, commit.tree);
  return [...paths.added, ...paths.modified, ...paths.removed].find((path) => path.startsWith(folder));
}
