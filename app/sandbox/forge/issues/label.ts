import { type Forge, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { nodeId } from "#sandbox/forge/present/account.ts";
import type { LabelRecord } from "#sandbox/forge/records.ts";

const maxName = 50;

export function findLabel(repo: Repo, name: string): LabelRecord | undefined {
  return repo.store<LabelRecord>("labels").find((label) => label.name.toLowerCase() === name.toLowerCase());
}

/** Throws 422 for a name that no label can have. */
export function checkLabelName(name: string): void {
  if (name.trim() === "")
    throw githubError(422, "Validation Failed", [{ resource: "Label", code: "missing_field", field: "name" }]);
  if (Array.from(name).length <= maxName) return;
  const message = `name is too long (maximum is ${maxName} characters)`;
  throw githubError(422, "Validation Failed", [{ resource: "Label", code: "custom", field: "name", message }]);
}

/** Names as the repository spells them, each once; labels that it lacks are made, grey, as GitHub does. */
export function ensureLabels(forge: Forge, repo: Repo, names: readonly string[]): readonly string[] {
  const spelt = names.map((name) => {
    const found = findLabel(repo, name);
    if (found !== undefined) return found.name;
    checkLabelName(name);
    const label: LabelRecord = { id: forge.nextId(), name, color: "ededed", description: null };
    return repo.store<LabelRecord>("labels").add(label).name;
  });
  return [...new Set(spelt)];
}

/** Schema "label". */
export function presentLabel(forge: Forge, repo: Repo, name: string): JsonObject {
  const label = findLabel(repo, name) ?? { id: 0, name, color: "ededed", description: null };
  return {
    id: label.id,
    node_id: nodeId("LA", label.id),
    url: `${forge.urls.api}/repos/${repo.fullName}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}
