import { join } from "node:path";
import type { BuiltIn } from "#sandbox/actions/built-in/built-in.ts";
import { createFolderSource } from "#sandbox/actions/workflow/folder-source.ts";
import { readAction } from "#sandbox/actions/workflow/read-action.ts";
import type { ActionDefinition } from "#sandbox/actions/workflow/read-action.ts";
import type { Source } from "#sandbox/actions/workflow/source.ts";

export type ResolvedAction =
  | { kind: "built-in"; builtIn: BuiltIn; label: string }
  | {
      kind: "action";
      action: ActionDefinition;
      label: string;
      /** absolute folder of its action.yml */
      folder: string;
      /** "" for an action of the workspace */
      repository: string;
      ref: string;
      /** what `$/` means inside it */
      source: Source;
    };

export type ActionFinder = {
  workspace: string;
  source(repository: string, ref: string): Promise<Source | undefined>;
  /** by owner/repo[/path], without a ref */
  builtIns: Readonly<Record<string, BuiltIn>>;
};

/** Finds what a `uses:` of a step means; `from` is the repository of the file that says it. Throws a sentence. */
export async function resolveAction(uses: string, from: Source, finder: ActionFinder): Promise<ResolvedAction> {
  if (uses.startsWith("./") || uses === ".") {
    const folder = createFolderSource("", finder.workspace);
    return { ...(await load(folder, clean(uses), uses)), source: from, repository: "", ref: "" };
  }
  if (uses.startsWith("$/")) return load(from, clean(uses.slice(2)), uses);
  if (uses.startsWith("docker://")) {
    throw new Error(`The sandbox runs no containers: "uses: ${uses}"`);
  }
  const [name = "", ref = ""] = uses.split("@");
  const [owner = "", repo = "", ...path] = name.split("/");
  if (owner === "" || repo === "" || ref === "") {
    throw new Error(`"uses: ${uses}" is no action: expected ./path, $/path or owner/repo[/path]@ref`);
  }
  const source = await finder.source(`${owner}/${repo}`, ref);
  if (source !== undefined) return load(source, path.join("/"), uses);
  const builtIn = finder.builtIns[name];
  if (builtIn !== undefined) return { kind: "built-in", builtIn, label: uses };
  throw new Error(
    `Unable to resolve action "${uses}": the sandbox has no repository "${owner}/${repo}" with "${ref}". Create it, or map it to a folder with the setting "repositories"`,
  );
}

function clean(path: string): string {
  return path.replace(/^\.\/?/, "").replace(/\/+$/, "");
}

async function load(source: Source, path: string, uses: string): Promise<Extract<ResolvedAction, { kind: "action" }>> {
  for (const name of ["action.yml", "action.yaml"]) {
    const file = path === "" ? name : `${path}/${name}`;
    const content = await source.read(file);
    if (content === undefined) continue;
    const reading = await readAction(file, content);
    if (reading.kind === "invalid") {
      const problems = reading.problems.map(
        ({ line, column, message }) => `(Line: ${line}, Col: ${column}): ${message}`,
      );
      throw new Error(`"${file}" of "uses: ${uses}" is invalid: ${problems.join("; ")}`);
    }
    return {
      kind: "action",
      action: reading.action,
      label: uses,
      folder: join(await source.folder(), path),
      repository: source.repository,
      ref: source.ref,
      source,
    };
  }
  throw new Error(
    `Can't find 'action.yml' or 'action.yaml' for "uses: ${uses}"${uses.startsWith("./") ? ". Did you forget to run actions/checkout before running your local action?" : ""}`,
  );
}
