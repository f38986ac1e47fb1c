import type { CommitSha } from "#core/names.ts";

/** What every contract suite stands on: a repository with two commits on `main`, the second one the child of the first. */
export type Fixture<Port> = AsyncDisposable & {
  /** another handle on the same state each time, as another process would have */
  port(): Port;
  first: CommitSha;
  second: CommitSha;
};

export type OpenFixture<Port> = () => Promise<Fixture<Port>>;
