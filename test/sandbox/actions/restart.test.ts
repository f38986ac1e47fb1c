import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createActions } from "#sandbox/actions/actions.ts";
import { runsOf, jobsOf } from "#sandbox/actions/link/run-store.ts";
import { createForge } from "#sandbox/forge/forge.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function open(folder: string, settings = {}) {
  const actions = createActions(settings);
  const forge = createForge({ folder, parts: [actions.part] });
  await forge.start();
  return { actions, forge };
}

describe("a sandbox that is stopped and started", () => {
  it("still knows its runs, jobs, logs, secrets and run numbers, and runs them again", async () => {
    const folder = mkdtempSync(join(tmpdir(), "actions-restart-"));
    folders.push(folder);
    const first = await open(folder);
    first.forge.createUser("acme");
    const repo = await first.forge.createRepository({ owner: "acme", name: "shop" });
    first.actions.configure(repo, { secrets: { KEY: "kept-secret" }, vars: { WHERE: "here" } });
    const token = first.forge.createToken("acme");
    const ask = async (base: string, method: string, path: string, body?: unknown) => {
      const answer = await fetch(`${base}/repos/acme/shop${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "user-agent": "test" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const workflow = `on: push
jobs:
  a: { runs-on: x, steps: [{ run: 'echo "\${{ vars.WHERE }} \${{ secrets.KEY }}"; test -z "$SLOW" || sleep 30' }] }
`;
    const put = await ask(first.forge.urls.api, "PUT", "/contents/.github/workflows/ci.yml", {
      message: "workflow",
      content: Buffer.from(workflow).toString("base64"),
    });
    expect(put).toMatchObject({ status: 201 });
    await first.actions.idle();
    expect(runsOf(repo).map((run) => run.conclusion)).toEqual(["success"]);
    await first.actions.stop();
    await first.forge.stop();

    const slow = await open(folder, { runnerEnv: { SLOW: "1" } });
    const again = slow.forge.repo("acme", "shop");
    if (again === undefined) throw new Error("the repository is gone");
    const [run] = runsOf(again);
    const [job] = jobsOf(again, run?.id ?? 0);
    const log = await ask(slow.forge.urls.api, "GET", `/actions/jobs/${job?.id}/logs`);
    expect(log.text).toContain("here ***");
    expect((await ask(slow.forge.urls.api, "POST", `/actions/runs/${run?.id}/rerun`)).status).toBe(201);
    while (jobsOf(again, run?.id ?? 0).at(-1)?.status !== "in_progress") {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await slow.actions.stop();
    await slow.forge.stop();
    expect(runsOf(again)[0]).toMatchObject({ attempt: 2, status: "completed", conclusion: "cancelled" });

    // A process that was killed says nothing: the next one ends what it left.
    const third = await open(folder);
    const last = third.forge.repo("acme", "shop");
    if (last === undefined) throw new Error("the repository is gone");
    last.store<{ id: number; status: string; conclusion: null }>("workflow-runs").set(run?.id ?? 0, {
      status: "in_progress",
      conclusion: null,
    });
    await third.actions.stop();
    await third.forge.stop();
    const fourth = await open(folder);
    const ended = fourth.forge.repo("acme", "shop");
    expect(ended === undefined ? [] : runsOf(ended).map((one) => [one.runNumber, one.status, one.conclusion])).toEqual([
      [1, "completed", "cancelled"],
    ]);
    expect(fourth.forge.failures).toEqual([]);
    await fourth.actions.stop();
    await fourth.forge.stop();
  });
});
