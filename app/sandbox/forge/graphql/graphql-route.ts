import { permit, reaches } from "#sandbox/forge/auth/permit.ts";
import { type Actor, type Answer, githubError, type JsonObject, type Repo } from "#sandbox/forge/contract.ts";
import type { Signature } from "#sandbox/forge/git/objects.ts";
import { objectId } from "#sandbox/forge/git/ref-name.ts";
import { instantOf } from "#sandbox/forge/git/signature.ts";
import type { ForgeInside } from "#sandbox/forge/inside.ts";
import { parseQuery, QueryError, type Selection } from "./parse-query.ts";

/** An object of a type of GitHub's schema: a function a field. A field that is not here is not known to the sandbox. */
type Node = { type: string; fields: Readonly<Record<string, () => Known | Promise<Known>>> };
type Known = string | null | Node;

type Field = Extract<Selection, { kind: "field" }>;
type Asked = { forge: ForgeInside; actor: Actor; variables: JsonObject; errors: JsonObject[] };

/**
 * The part of GitHub's GraphQL that reads git objects by their ids: `repository(owner, name) { object(oid) }`, of which
 * tags are answered whole. Anything else is refused with a 501, as unknown paths of the REST API are.
 */
export function registerGraphql(forge: ForgeInside): void {
  forge.route<{ query?: unknown; variables?: JsonObject }>("POST /graphql", {
    permission: "none",
    described: false,
    handler: async ({ body, actor }) => await answer(forge, actor, body),
  });
}

async function answer(
  forge: ForgeInside,
  actor: Actor,
  { query, variables }: { query?: unknown; variables?: JsonObject },
): Promise<Answer> {
  if (actor.kind === "anonymous") throw githubError(401, "This endpoint requires you to be authenticated.");
  if (typeof query !== "string") throw githubError(400, "A query attribute must be specified and must be a string.");
  const asked: Asked = { forge, actor, variables: variables ?? {}, errors: [] };
  try {
    const data = await select(readRoot(asked, parseQuery(query)), parseQuery(query));
    return { status: 200, body: asked.errors.length === 0 ? { data } : { data, errors: asked.errors } };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    throw githubError(501, `The sandbox knows a small part of GitHub's GraphQL API only: ${error.message}`);
  }
}

function readRoot(asked: Asked, selections: readonly Selection[]): Node {
  const fields: Record<string, () => Promise<Known>> = {};
  for (const field of selections) {
    if (field.kind !== "field" || field.name !== "repository") continue;
    fields[field.alias] = async () => await Promise.resolve(findRepository(asked, field));
  }
  return { type: "Query", fields };
}

function findRepository(asked: Asked, field: Field): Known {
  const [owner, name] = [textOf(asked, field, "owner"), textOf(asked, field, "name")];
  const { forge, actor } = asked;
  const repo = forge.repo(owner, name);
  if (repo === undefined || (repo.record.private && !reaches(actor, repo))) {
    const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`;
    asked.errors.push({ type: "NOT_FOUND", path: [field.alias], message });
    return null;
  }
  permit(actor, { contents: "read" }, repo, {});
  const fields: Record<string, () => Promise<Known>> = {};
  for (const one of field.selections) {
    if (one.kind !== "field" || one.name !== "object") continue;
    fields[one.alias] = async () => await findObject(repo, textOf(asked, one, "oid"));
  }
  return { type: "Repository", fields };
}

async function findObject(repo: Repo, oid: string): Promise<Known> {
  const found = objectId.test(oid) ? await repo.git.info(oid) : undefined;
  if (found === undefined) return null;
  const type = typeNames[found.kind] ?? "GitObject";
  const tag = found.kind === "tag" ? await repo.git.tag(oid) : undefined;
  if (tag === undefined) return { type, fields: { oid: () => oid } };
  const { tagger } = tag;
  return {
    type,
    fields: {
      oid: () => oid,
      name: () => tag.tag,
      message: () => tag.message,
      tagger: () => (tagger === null ? null : presentActor(tagger)),
      target: async () => await findObject(repo, tag.object),
    },
  };
}

const typeNames: Readonly<Record<string, string>> = { tag: "Tag", commit: "Commit", tree: "Tree", blob: "Blob" };

function presentActor(signature: Signature): Node {
  const { name, email } = signature;
  return { type: "GitActor", fields: { name: () => name, email: () => email, date: () => instantOf(signature) } };
}

/** The text that an argument is given as, or that its variable holds. */
function textOf({ variables }: Asked, { name, args }: Field, argument: string): string {
  const given = args.get(argument);
  const text = given?.kind === "variable" ? variables[given.name] : given?.text;
  if (typeof text !== "string") throw new QueryError(`"${name}" needs the text "${argument}"`);
  return text;
}

async function select(node: Node, selections: readonly Selection[]): Promise<JsonObject> {
  const chosen: JsonObject = {};
  for (const selection of selections) {
    if (selection.kind === "on") {
      if (selection.type === node.type) Object.assign(chosen, await select(node, selection.selections));
      continue;
    }
    const { name, alias, selections: below } = selection;
    // what takes arguments is found under the name that it is answered by
    const find = node.fields[alias] ?? node.fields[name];
    if (name !== "__typename" && find === undefined) throw new QueryError(`"${name}" of "${node.type}"`);
    const value = find === undefined ? node.type : await find();
    chosen[alias] = typeof value === "object" && value !== null ? await select(value, below) : value;
  }
  return chosen;
}
