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

  async function record({ environment, ref, version, description }: Deployment): Promise<void> {
    const task = `trainyard:${version.split("@", 1)[0]}`;
    const { data } = await ask(act(`list the deployments to "${environment}"`, "read"), async () =>
      octokit.request("GET /repos/{owner}/{repo}/deployments", { ...at(github), environment, task, per_page: 1 }),
    );
    const newest = data[0];
    if (newest !== undefined && newest.sha === ref && versionIn(newest.payload) === version) {
      const told = (await lastState(Number(newest.id))) === "success";
      if (!told) await say(Number(newest.id), "success", environment, description);
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
    if ("id" in made) await say(Number(made.id), "success", environment, description);
    if (newest !== undefined) await say(Number(newest.id), "inactive", environment, `Replaced by ${version}`);
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
