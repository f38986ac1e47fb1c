/** One stage of a pipeline of DVC, every path from the root of the repository. */
export type Stage = {
  name: string;
  command: string;
  /** files in git that the command names */
  scripts: readonly string[];
  deps: readonly string[];
  outs: readonly string[];
  params: readonly string[];
  metrics: readonly string[];
};

/** "." and ".." are resolved; what would leave the repository is left as it is, and matches no file. */
export function normalize(folder: string, file: string): string {
  const parts: string[] = [];
  for (const part of `${folder}/${file}`.split("/")) {
    if (part === ".." && parts.length > 0) parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return parts.join("/");
}

/** A path, and every folder that it lies in, the innermost first. */
export function* withFolders(path: string): Generator<string> {
  yield path;
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) yield path.slice(0, end);
}

/** The stages whose outs this one needs, after those that they need, each once. A file lies in a folder that is an out. */
export function needs(stage: Stage, stages: readonly Stage[]): readonly Stage[] {
  const places = new Map(stages.map((one, index) => [one, index]));
  const byOut = new Map<string, Stage[]>();
  const belowFolder = new Map<string, Stage[]>();
  for (const one of stages) {
    for (const out of one.outs) {
      add(byOut, out, one);
      for (const folder of withFolders(out)) add(belowFolder, folder, one);
    }
  }
  const seen = new Set([stage]);
  const visit = (wanting: Stage): readonly Stage[] => {
    const makers = new Set<Stage>();
    for (const dep of wanting.deps) {
      for (const maker of belowFolder.get(dep) ?? []) makers.add(maker);
      for (const folder of withFolders(dep)) for (const maker of byOut.get(folder) ?? []) makers.add(maker);
    }
    const inOrder = [...makers].toSorted((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
    return inOrder.flatMap((maker) => {
      if (seen.has(maker)) return [];
      seen.add(maker);
      return [...visit(maker), maker];
    });
  };
  return visit(stage);
}

function add(map: Map<string, Stage[]>, key: string, stage: Stage): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [stage]);
  else if (there.at(-1) !== stage) there.push(stage);
}
