import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { createNodeMiddleware, createProbot } from "probot";
import { expect, it } from "vitest";
import { afterwards, aWorld, branch, openPull } from "./a-forge.ts";

const shop = { owner: "acme", repo: "shop" };

it("Octokit signs in as an app, pages, uploads, and reads what it wrote", async () => {
  const { forge, repo, api } = await aWorld();
  const { app, privateKey } = forge.createApp({
    slug: "trainyard",
    owner: "acme",
    permissions: { contents: "write", pull_requests: "write", issues: "write" },
    events: [],
  });
  const { id } = forge.install(app, "acme", [repo]);
  repo.change({ private: true });
  const octokit = new Octokit({
    authStrategy: createAppAuth,
    auth: { appId: app.id, privateKey, installationId: id },
    baseUrl: `${forge.urls.server}/api/v3`,
  });
  expect((await octokit.apps.getAuthenticated()).data?.slug).toBe("trainyard");
  expect((await octokit.apps.getRepoInstallation(shop)).data.id).toBe(id);
  await branch(api, "feature/ä@b#1", "a.txt", "one\n");
  const branches = await octokit.paginate(octokit.repos.listBranches, { ...shop, per_page: 1 });
  expect(branches.map(({ name }) => name)).toEqual(["feature/ä@b#1", "main"]);
  const one = await octokit.repos.getBranch({ ...shop, branch: "feature/ä@b#1" });
  const sha = one.data.commit.sha;
  expect((await octokit.git.getRef({ ...shop, ref: "heads/feature/ä@b#1" })).data.object.sha).toBe(sha);
  expect((await octokit.repos.getCommit({ ...shop, ref: "feature/ä@b#1" })).data.sha).toBe(sha);
  const release = await octokit.repos.createRelease({
    ...shop,
    tag_name: "churn@v1.0.0",
    target_commitish: sha,
    draft: true,
  });
  const data = Buffer.from([0, 1, 2, 255]);
  const asset = await octokit.repos.uploadReleaseAsset({
    ...shop,
    release_id: release.data.id,
    name: "model.onnx",
    data: data as unknown as string,
    headers: { "content-type": "application/octet-stream" },
    baseUrl: forge.urls.uploads,
  });
  const bytes = await octokit.repos.getReleaseAsset({
    ...shop,
    asset_id: asset.data.id,
    headers: { accept: "application/octet-stream" },
  });
  expect(Buffer.from(bytes.data as unknown as ArrayBuffer)).toEqual(data);
  const tarball = await octokit.repos.downloadTarballArchive({ ...shop, ref: "main" });
  expect(Buffer.from(tarball.data as ArrayBuffer).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
});

it("a Probot app hears of a pull request and answers it", async () => {
  const { forge, api } = await aWorld();
  const { app, privateKey } = forge.createApp({
    slug: "greeter",
    owner: "acme",
    permissions: { pull_requests: "write", issues: "write" },
    events: ["pull_request"],
  });
  const probot = createProbot({
    overrides: { appId: app.id, privateKey, secret: "s3cret", baseUrl: forge.urls.api, logLevel: "fatal" },
    env: {},
  });
  const middleware = await createNodeMiddleware(
    (on) => {
      on.on("pull_request.opened", async (context) => {
        await context.octokit.rest.issues.createComment(
          context.issue({ body: `Hello, ${context.payload.sender.login}` }),
        );
      });
    },
    { probot },
  );
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  afterwards(() => void server.close());
  const { port } = server.address() as AddressInfo;
  forge.state.hooks.add({
    id: forge.nextId(),
    target: { kind: "app", app: app.id },
    url: `http://127.0.0.1:${port}/api/github/webhooks`,
    secret: "s3cret",
    events: app.events,
    active: true,
  });
  forge.install(app, "acme");
  await branch(api, "topic", "a.txt", "one\n");
  await openPull(api, "topic");
  await forge.settled();
  expect(forge.state.deliveries.list().map(({ status }) => status)).toEqual(["OK", "OK"]);
  const comments = await api("GET /repos/acme/shop/issues/1/comments");
  expect(comments.body).toMatchObject([{ body: "Hello, ada", user: { login: "greeter[bot]" } }]);
});
