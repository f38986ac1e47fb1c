import { configPath } from "#core/config/config.ts";
import { suggest } from "#core/config/shape/suggest.ts";
import { parseModelName } from "#core/names.ts";
import { ServiceError, type Ports } from "#core/ports.ts";
import { readTagName } from "#core/registry/tag-name.ts";
import { findNewName } from "#flow/observe/rename/find-new-name.ts";
import { readRegistry } from "#flow/observe/read-registry.ts";
import { ExitError } from "./exit-error.ts";

type Needed = Pick<Ports, "repository" | "tags">;

/**
 * Which model to serve: the one that was asked for, or the only one there is. A model that is in the config and has no
 * version yet is waited for; a name that nothing bears, where other models are, is a slip and ends the command.
 */
export async function findServedModel(ports: Needed, repository: string, wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return only(await configured(ports));
  try {
    const [named, tags] = await Promise.all([configured(ports), ports.tags.list("")]);
    const names = [...new Set([...named, ...tags.flatMap(({ name }) => readTagName(name)?.model ?? [])])].sort();
    if (names.length === 0) return wanted;
    if (names.includes(wanted)) {
      await refuseOldName(ports, repository, wanted);
      return wanted;
    }
    const meant = suggest(wanted, names);
    throw new ExitError(
      2,
      `There is no model "${wanted}" in ${repository}: there is ${names.map((name) => `"${name}"`).join(", ")}${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
    );
  } catch (error) {
    // Whoever serves waits for the service: it comes back.
    if (error instanceof ServiceError && (error.code === "unreachable" || error.code === "limited")) return wanted;
    throw error;
  }
}

/** Under a name that was given up nothing will ever stand: whoever asks for it means the new one. */
async function refuseOldName(ports: Needed, repository: string, wanted: string): Promise<void> {
  const now = await findNewName(await readRegistry(ports.tags, { name: parseModelName(wanted) }));
  if (now === undefined) return;
  throw new ExitError(2, `"${wanted}" of ${repository} is called "${now}" now: serve that one (--model ${now})`);
}

async function configured(ports: Needed): Promise<readonly string[]> {
  const { head } = await ports.repository.defaultBranch();
  const entry = (await ports.repository.tree(head)).get(configPath);
  const { parseConfig } = await import("#core/config/parse.ts");
  const parsed = entry === undefined ? undefined : parseConfig(await ports.repository.blob(entry.blob));
  return parsed?.kind === "config" ? [...parsed.config.models.keys()] : [];
}

function only(names: readonly string[]): string {
  const [name, ...more] = names;
  if (name === undefined)
    throw new ExitError(
      2,
      `Cannot tell which model to serve: "${configPath}" on the default branch names none. Say --model`,
    );
  if (more.length > 0)
    throw new ExitError(2, `Cannot tell which model to serve: there are ${names.join(", ")}. Say --model`);
  return name;
}
