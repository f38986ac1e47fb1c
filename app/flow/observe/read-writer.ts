import { configPath } from "#core/config/config.ts";
import { parseOnce } from "#core/config/parse.ts";
import type { Ports } from "#core/ports.ts";

/** Who speaks in this repository, as its default branch says: one of the two, so that the shells never race. */
export async function readWriter({ repository }: Pick<Ports, "repository">): Promise<"actions" | "app"> {
  const { head } = await repository.defaultBranch();
  const entry = (await repository.tree(head)).get(configPath);
  if (entry === undefined) return "actions";
  const bytes = await repository.blob(entry.blob);
  const parsed = parseOnce(bytes);
  if (parsed.kind === "config") return parsed.config.writer;
  // A broken config must not silence the app that could say so: the word itself is enough.
  return /^writer:\s*["']?app\b/m.test(new TextDecoder().decode(bytes)) ? "app" : "actions";
}
