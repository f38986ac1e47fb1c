declare const brand: unique symbol;
type Branded<T, B extends string> = T & { readonly [brand]: B };

/** A commit's full object id, lower-case hex (40 or 64 digits). */
export type CommitSha = Branded<string, "CommitSha">;
/** A tree's full object id. */
export type TreeSha = Branded<string, "TreeSha">;
/** A blob's full object id, as git stores it. */
export type BlobSha = Branded<string, "BlobSha">;
/** A SHA-256 of bytes, 64 lower-case hex digits. */
export type Sha256 = Branded<string, "Sha256">;
/** Identity of a training: SHA-256 of the canonical recipe. */
export type Recipe = Branded<string, "Recipe">;
/** Identity of an evaluation: SHA-256 of the canonical evaluation. */
export type Evaluation = Branded<string, "Evaluation">;
/** The key of an entry of `models:`, GTO's grammar. */
export type ModelName = Branded<string, "ModelName">;
/** A registered version with its leading `v`, such as `v1.4.0`. */
export type Version = Branded<string, "Version">;

const objectId = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const sha256 = /^[0-9a-f]{64}$/;
const modelName = /^[a-zA-Z0-9](?:[a-zA-Z0-9_-]{0,98}[a-zA-Z0-9])?$/;
const version = /^v(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})\.(?:0|[1-9]\d{0,8})$/;

function parser<T extends string>(what: string, shape: RegExp): (text: string) => T {
  return (text) => {
    if (!shape.test(text)) throw new TypeError(`Cannot read "${text.slice(0, 120)}" as ${what}`);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where this brand is given
    return text as T;
  };
}

export const parseCommitSha = parser<CommitSha>("a commit id: it has 40 or 64 hex digits", objectId);
export const parseTreeSha = parser<TreeSha>("a tree id: it has 40 or 64 hex digits", objectId);
export const parseBlobSha = parser<BlobSha>("a blob id: it has 40 or 64 hex digits", objectId);
export const parseSha256 = parser<Sha256>("a SHA-256: it has 64 hex digits", sha256);
export const parseRecipe = parser<Recipe>("a recipe: it has 64 hex digits", sha256);
export const parseEvaluation = parser<Evaluation>("an evaluation: it has 64 hex digits", sha256);
export const parseModelName = parser<ModelName>(
  "a model's name: letters, digits, - and _, at most 100, first and last a letter or digit",
  modelName,
);
export const parseVersion = parser<Version>('a version: it looks like "v1.4.0"', version);
