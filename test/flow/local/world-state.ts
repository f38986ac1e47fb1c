import { digest } from "#core/canonical.ts";
import type { LocalWorld } from "./local-world.ts";
import type { Memory } from "./memory.ts";

/** All that the outside can see of a world, in a form that compares. */
export type State = {
  tags: Readonly<Record<string, { target: string; message: string; date: string }>>;
  releases: readonly { tag: string; draft: boolean; title: string; body: string; assets: readonly string[] }[];
  deployments: readonly string[];
  evidence: Readonly<Record<string, string>>;
  /** branches but the default one and that of the evidence, and what is asked to be pulled from where */
  branches: Readonly<Record<string, string>>;
  conversation: {
    pulls: readonly Pick<Memory["pulls"][number], "title" | "body" | "state" | "head">[];
    checks: readonly Omit<Memory["checks"][number], "id">[];
    comments: readonly Pick<Memory["comments"][number], "issue" | "body">[];
    issues: readonly Pick<Memory["issues"][number], "title" | "body" | "state">[];
    dispatches: Memory["dispatches"];
    reruns: Memory["reruns"];
  };
};

export function readState({ git, storage, memory }: LocalWorld): State {
  const { pulls, checks, comments, issues, deployments, dispatches, reruns } = memory;
  return {
    tags: Object.fromEntries(
      git.refs("refs/tags/").map(([name, id]) => {
        const tag = git.tagOf(id);
        return [name, { target: tag?.target ?? id, message: tag?.message ?? "", date: tag?.date.toISOString() ?? "" }];
      }),
    ),
    releases: storage.releases.map(({ tag, draft, title, body, assets }) => ({
      tag,
      draft,
      title,
      body,
      assets: Object.keys(assets)
        .toSorted()
        .map((name) => `${name} ${digest(assets[name] ?? "")}`),
    })),
    deployments: deployments.map(({ environment, ref, version, state }) => `${environment} ${ref} ${version} ${state}`),
    evidence: readEvidence(git),
    branches: Object.fromEntries(git.refs("refs/heads/").filter(([name]) => name !== "main" && name !== "trainyard")),
    conversation: {
      pulls: pulls.map(({ title, body, state, head }) => ({ title, body, state, head: { ...head } })),
      checks: checks.map(({ head, check }) => ({ head, check })),
      comments: comments.map(({ issue, body }) => ({ issue, body })),
      issues: issues.map(({ title, body, state }) => ({ title, body, state })),
      dispatches: [...dispatches],
      reruns: [...reruns],
    },
  };
}

function readEvidence(git: LocalWorld["git"]): State["evidence"] {
  const tip = git.ref("refs/heads/trainyard");
  if (tip === undefined) return {};
  return Object.fromEntries([...git.tree(tip).keys()].map((path) => [path, git.text(tip, path) ?? ""]));
}
