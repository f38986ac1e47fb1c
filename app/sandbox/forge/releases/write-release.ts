import { type Actor, type FieldError, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import { emitFilled } from "#sandbox/forge/events/emit-filled.ts";
import { isRefName } from "#sandbox/forge/git/ref-name.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { refViolations, ruleMessage } from "#sandbox/forge/rules/judge-ref.ts";
import { announceRefs } from "#sandbox/forge/pulls/announce-push.ts";
import { presentRelease, type ReleaseRecord } from "./release.ts";

export type WrittenRelease = {
  tag_name?: string;
  target_commitish?: string;
  name?: string;
  body?: string;
  draft?: boolean;
  prerelease?: boolean;
  make_latest?: "true" | "false" | "legacy";
  discussion_category_name?: string;
  generate_release_notes?: boolean;
};

const maxBody = 125_000;

function refuse(field: string, code: FieldError["code"], message?: string): never {
  throw githubError(422, "Validation Failed", [
    { resource: "Release", code, field, ...(message === undefined ? {} : { message }) },
  ]);
}

/** Makes a release, a draft or a published one. Throws 422. */
export function createRelease(
  forge: ForgeInside,
  repo: Repo,
  written: WrittenRelease,
  actor: Actor,
): Promise<ReleaseRecord> {
  return repo.git.exclusively(async () => {
    const now = forge.instant();
    const fresh: ReleaseRecord = {
      id: forge.nextId(),
      tag_name: "",
      target_commitish: repo.record.default_branch,
      name: null,
      body: null,
      draft: false,
      prerelease: false,
      make_latest: "true",
      author: actor.account?.login ?? "ghost",
      created_at: now,
      updated_at: now,
      published_at: null,
      turn: 0,
    };
    const wanted = readRelease(repo, fresh, written);
    const release = wanted.draft ? wanted : await publish(forge, repo, wanted, actor);
    repo.store<ReleaseRecord>("releases").add(release);
    tell(forge, repo, release, "created", {}, actor);
    if (!release.draft) tellPublished(forge, repo, release, actor);
    return release;
  });
}

/** Changes a release; taking `draft` away publishes it. Throws 422. */
export function updateRelease(
  forge: ForgeInside,
  repo: Repo,
  before: ReleaseRecord,
  written: WrittenRelease,
  actor: Actor,
): Promise<ReleaseRecord> {
  return repo.git.exclusively(async () => {
    const wanted = { ...readRelease(repo, before, written), updated_at: forge.instant() };
    const needsTag = !wanted.draft && (before.draft || wanted.tag_name !== before.tag_name);
    const asksLatest = !wanted.draft && written.make_latest === "true";
    const ready = needsTag ? await publish(forge, repo, wanted, actor) : wanted;
    const after = { ...ready, ...(asksLatest ? { turn: forge.nextId() } : {}) };
    const release = repo.store<ReleaseRecord>("releases").set(before.id, after);
    if (before.draft && !release.draft) tellPublished(forge, repo, release, actor);
    else if (!before.draft && release.draft) tell(forge, repo, release, "unpublished", {}, actor);
    else tell(forge, repo, release, "edited", { changes: changesOf(before, release) }, actor);
    return release;
  });
}

/** Removes a release, not its tag. */
export function deleteRelease(forge: ForgeInside, repo: Repo, release: ReleaseRecord, actor: Actor): void {
  tell(forge, repo, release, "deleted", {}, actor);
  repo.store<ReleaseRecord>("releases").remove(release.id);
}

function readRelease(repo: Repo, before: ReleaseRecord, written: WrittenRelease): ReleaseRecord {
  const { discussion_category_name, generate_release_notes = false, ...given } = written;
  if (discussion_category_name !== undefined || generate_release_notes)
    throw githubError(501, "The sandbox makes no discussions and no release notes");
  // of `given` the validator has checked every type; what is undefined was not sent
  const wanted: ReleaseRecord = { ...before, ...given };
  if (wanted.tag_name === "") refuse("tag_name", "missing_field");
  if (!isRefName(`refs/tags/${wanted.tag_name}`)) refuse("tag_name", "custom", "tag_name is not a valid tag");
  if ((wanted.body ?? "").length > maxBody)
    refuse("body", "custom", `body is too long (maximum is ${maxBody} characters)`);
  if (written.make_latest === "true" && (wanted.draft || wanted.prerelease))
    refuse("make_latest", "custom", "Drafts and prereleases cannot be set as latest");
  const isTaken = repo
    .store<ReleaseRecord>("releases")
    .list()
    .some((one) => one.id !== wanted.id && !one.draft && !wanted.draft && one.tag_name === wanted.tag_name);
  if (isTaken) refuse("tag_name", "already_exists");
  return wanted;
}

/** Sets the instants of a publication and makes a lightweight tag where there is none. Call inside `git.exclusively`. */
async function publish(forge: ForgeInside, repo: Repo, release: ReleaseRecord, actor: Actor): Promise<ReleaseRecord> {
  const tag = `refs/tags/${release.tag_name}`;
  let commit = await repo.git.resolve(tag);
  if (commit === undefined) {
    const target = await repo.git.resolve(release.target_commitish);
    if (target === undefined) return refuse("target_commitish", "invalid");
    const change = { name: tag, before: null, after: target };
    const violations = await refViolations(repo, change, actor);
    if (violations.length > 0) {
      throw githubError(422, "Validation Failed", [
        {
          resource: "Release",
          code: "custom",
          field: "pre_receive",
          message: `pre_receive ${ruleMessage(violations)}`,
        },
        { resource: "Release", code: "custom", message: "Published releases must have a valid tag" },
      ]);
    }
    commit = target;
    await repo.git.moveRefs([change]);
    await announceRefs(forge, repo, [change], actor);
  }
  const seconds = (await repo.git.commit(commit))?.committer.seconds ?? 0;
  return {
    ...release,
    created_at: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
    published_at: forge.instant(),
    turn: forge.nextId(),
  };
}

function changesOf(before: ReleaseRecord, after: ReleaseRecord): JsonObject {
  return {
    ...(before.body === after.body ? {} : { body: { from: before.body ?? "" } }),
    ...(before.name === after.name ? {} : { name: { from: before.name ?? "" } }),
    ...(before.tag_name === after.tag_name ? {} : { tag_name: { from: before.tag_name } }),
  };
}

function tellPublished(forge: ForgeInside, repo: Repo, release: ReleaseRecord, actor: Actor): void {
  tell(forge, repo, release, "published", {}, actor);
  tell(forge, repo, release, release.prerelease ? "prereleased" : "released", {}, actor);
}

function tell(
  forge: ForgeInside,
  repo: Repo,
  release: ReleaseRecord,
  action: string,
  more: JsonObject,
  actor: Actor,
): void {
  const payload = { release: presentRelease(forge, repo, release), ...more };
  emitFilled(forge, repo, "release", action, payload, actor);
}
