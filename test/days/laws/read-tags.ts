import type { LocalWorld } from "#test/flow/local/local-world.ts";

export type Facts = {
  recipe: string;
  artifact: string;
  pull: number | null;
  by: string | null;
  why: string;
  version: string;
};
type Tag = Facts & { tag: string; model: string; target: string; date: number };
export type Registered = Tag;
/** `removed`: it was taken from the stage. */
export type Assigned = Tag & { stage: string; counter: number; removed: boolean };

/** Tags in GTO's grammar, as anybody reads them: by their names, and one line of JSON behind "trainyard:". */
export function readTags({ git }: LocalWorld): { registered: readonly Registered[]; assigned: readonly Assigned[] } {
  const registered: Registered[] = [];
  const assigned: Assigned[] = [];
  for (const [tag, object] of git.refs("refs/tags/")) {
    const stored = git.tagOf(object);
    if (stored === undefined) throw new Error(`The tag "${tag}" is a lightweight one`);
    const line = /^trainyard: (\{.*\})$/m.exec(stored.message)?.[1];
    if (line === undefined) throw new Error(`The tag "${tag}" says no facts`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a test that reads nonsense here fails right after
    const facts = JSON.parse(line) as Facts;
    const common = { ...facts, tag, target: String(stored.target), date: stored.date.getTime() };
    const [, model = "", version = ""] = /^([^@#]+)@(v[\d.]+)$/.exec(tag) ?? [];
    if (model !== "") registered.push({ ...common, model, version });
    const [, name = "", stage = "", mark = "", counter = ""] = /^([^@#]+)#([^#!]+)(!?)#(\d+)$/.exec(tag) ?? [];
    if (name !== "") assigned.push({ ...common, model: name, stage, counter: Number(counter), removed: mark === "!" });
    if (model === "" && name === "") throw new Error(`The tag "${tag}" is in no grammar of ours`);
  }
  const byDate = (a: Tag, b: Tag): number => a.date - b.date;
  return { registered: registered.toSorted(byDate), assigned: assigned.toSorted(byDate) };
}
