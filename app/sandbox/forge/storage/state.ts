import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type {
  Account,
  AppRecord,
  DeliveryRecord,
  HookRecord,
  InstallationRecord,
  RepositoryRecord,
} from "#sandbox/forge/records.ts";
import type { TokenRecord } from "#sandbox/forge/auth/token-record.ts";
import { Counter } from "./counter.ts";
import { Journal } from "./journal.ts";
import { shareObjects } from "./share-objects.ts";
import { StoredRepository } from "./stored-repository.ts";

/** Everything the forge remembers, opened from a folder; closing it loses nothing. */
export class State {
  readonly folder: string;
  readonly accounts: Journal<Account>;
  readonly tokens: Journal<TokenRecord>;
  readonly apps: Journal<AppRecord>;
  readonly installations: Journal<InstallationRecord>;
  readonly hooks: Journal<HookRecord>;
  readonly deliveries: Journal<DeliveryRecord>;
  readonly repositories = new Map<number, StoredRepository>();
  readonly #records: Journal<RepositoryRecord>;
  readonly #counter: Counter;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.folder = folder;
    const open = <T extends { id: number }>(name: string): Journal<T> =>
      new Journal<T>(join(folder, "state", `${name}.jsonl`));
    this.#counter = new Counter(join(folder, "state", "counter"));
    this.accounts = open("accounts");
    this.tokens = open("tokens");
    this.apps = open("apps");
    this.installations = open("installations");
    this.hooks = open("hooks");
    this.deliveries = open("deliveries");
    this.#records = open("repositories");
    for (const { id, fork } of this.#records.list()) {
      if (fork !== undefined) shareObjects(this.repositoryFolder(id), this.repositoryFolder(fork.root));
      this.#open(id);
    }
  }

  nextId(): number {
    return this.#counter.next();
  }

  account(login: string): Account | undefined {
    const name = login.toLowerCase();
    return this.accounts.find((account) => account.login.toLowerCase() === name);
  }

  repository(owner: string, name: string): StoredRepository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase();
    for (const repo of this.repositories.values()) if (repo.fullName.toLowerCase() === wanted) return repo;
    return undefined;
  }

  addRepository(record: RepositoryRecord): StoredRepository {
    this.#records.add(record);
    return this.#open(record.id);
  }

  repositoryFolder(id: number): string {
    return join(this.folder, "repositories", String(id));
  }

  close(): void {
    for (const repo of this.repositories.values()) repo.close();
    const all = [this.accounts, this.tokens, this.apps, this.installations, this.hooks, this.deliveries, this.#records];
    for (const journal of all) journal.close();
    this.#counter.close();
  }

  #open(id: number): StoredRepository {
    const repo = new StoredRepository(this.repositoryFolder(id), this.#records, id);
    this.repositories.set(id, repo);
    return repo;
  }
}
