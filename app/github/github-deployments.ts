import type { Deployments } from "#core/ports.ts";
import { ask, mayHaveHappened } from "./client/explain-error.ts";
import { at, once, type GitHub } from "./client/octokit.ts";

type Deployment = Parameters<Deployments["record"]>[0];

/**
 * The Deployments port on GitHub's API. Ours are told by their task, `trainyard:<model>`: deployments that jobs make for
 * the same environment are not. The one before becomes inactive, whatever else stands at the environment stays.
 */
export function githubDeployments(github: GitHub): Deployments {
  const { octokit } = github;
  const act = (what: string, access: string) => ({
    act: `${what} in "${github.owner}/${github.repo}"`,
    permission: `deployments: ${access}`,
  });

  async function say(
    id: number,
    state: "success" | "inactive",
    environment: string,
    description: string,
  ): Promise<void> {
    await ask(act(`set the state of the deployment ${id}`, "write"), async () =>
      octokit.request("POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
        ...at(github),
        deployment_id: id,
        state,
        environment,
        description: description.slice(0, 140),
        auto_inactive: false,
        request: once,
      }),
    );
  }

  async function lastState(id: number): Promise<string | undefined> {
    const { data } = await ask(act(`read the state of the deployment ${id}`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses", {
        ...at(github),
        deployment_id: id,
        per_page: 1,
      }),
    );
    return data[0]?.state;
  }

  /** Says first that the one before stands there no more: once the new one is told a success, nothing is left to say. */
  async function replace(id: number, before: number | undefined, { environment, version, description }: Deployment) {
    if (before !== undefined) await say(before, "inactive", environment, `Replaced by ${version}`);
    await say(id, "success", environment, description);
  }

  async function record(deployment: Deployment): Promise<void> {
    const { environment, ref, version, description } = deployment;
    const task = `trainyard:${version.split("@", 1)[0]}`;
    const { data } = await ask(act(`list the deployments to "${environment}"`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/deployments", { ...at(github), environment, task, per_page: 2 }),
    );
    const [newest, before] = data.map(({ id, sha, payload }) => ({ id: Number(id), sha, version: versionIn(payload) }));
    if (newest?.sha === ref && newest.version === version) {
      if ((await lastState(newest.id)) === "success") return;
      const stands = before !== undefined && (await lastState(before.id)) !== "inactive";
      await replace(newest.id, stands ? before.id : undefined, deployment);
      return;
    }
    const { data: made } = await ask(act(`record a deployment to "${environment}"`, "write"), async () =>
      octokit.request("POST /repos/{owner}/{repo}/deployments", {
        ...at(github),
        ref,
        task,
        environment,
        description: description.slice(0, 140),
        payload: { version },
        auto_merge: false,
        required_contexts: [],
        request: once,
      }),
    );
    if ("id" in made) await replace(Number(made.id), newest?.id, deployment);
  }

  return {
    async record(deployment) {
      try {
        await record(deployment);
      } catch (error) {
        if (!mayHaveHappened(error)) throw error;
        // what arrived is found there, and only what is missing is written
        await record(deployment);
      }
    },
  };
}

/** GitHub gives a payload back as an object, or as the text it was sent as. */
function versionIn(payload: unknown): string | undefined {
  const value: unknown = typeof payload === "string" ? parse(payload) : payload;
  return typeof value === "object" && value !== null && "version" in value && typeof value.version === "string"
    ? value.version
    : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
