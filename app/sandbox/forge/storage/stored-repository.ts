import { join } from "node:path";
import type { Collection, Repo } from "#sandbox/forge/contract.ts";
import type { RepositoryRecord, Role } from "#sandbox/forge/records.ts";
import { GitStore } from "#sandbox/forge/git/git-store.ts";
import { Journal } from "./journal.ts";

/** A repository on disk: `git/` is the bare repository, `state/` one journal a collection. */
export class StoredRepository implements Repo {
  readonly id: number;
  readonly gitFolder: string;
  readonly git: GitStore;
  readonly #folder: string;
  readonly #records: Journal<RepositoryRecord>;
  readonly #stores = new Map<string, Journal<{ id: number }>>();

  constructor(folder: string, records: Journal<RepositoryRecord>, id: number) {
    this.id = id;
    this.#folder = folder;
    this.#records = records;
    this.gitFolder = join(folder, "git");
    this.git = new GitStore(this.gitFolder);
  }

  get record(): RepositoryRecord {
    const record = this.#records.get(this.id);
    if (record === undefined) throw new Error(`Repository ${this.id} is gone`);
    return record;
  }

  get fullName(): string {
    return `${this.record.owner}/${this.record.name}`;
  }

  store<T extends { id: number }>(name: string): Collection<T> {
    if (!/^[a-z0-9-]+$/.test(name)) throw new RangeError(`Cannot open the collection "${name}": use a-z, 0-9 and "-"`);
    let store = this.#stores.get(name);
    if (store === undefined) {
      store = new Journal<{ id: number }>(join(this.#folder, "state", `${name}.jsonl`));
      this.#stores.set(name, store);
    }
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- whoever names a collection owns its type
    return store as unknown as Collection<T>;
  }

  nextNumber(): number {
    const lastNumber = this.record.lastNumber + 1;
    this.change({ lastNumber });
    return lastNumber;
  }

  change(change: Partial<RepositoryRecord>): void {
    this.#records.set(this.id, change);
  }

  roleOf(login: string): Role | null {
    const name = login.toLowerCase();
    if (name === this.record.owner.toLowerCase()) return "admin";
    const found = Object.entries(this.record.collaborators).find(([one]) => one.toLowerCase() === name);
    return found?.[1] ?? (this.record.private ? null : "read");
  }

  close(): void {
    this.git.close();
    for (const store of this.#stores.values()) store.close();
  }
}
