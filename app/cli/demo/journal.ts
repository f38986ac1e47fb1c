import { digest } from "#core/canonical.ts";
import type { JobRecord, RunRecord } from "#sandbox/actions/run/run-record.ts";
import type { Shop } from "./shop.ts";

/** What one step of the demo did, as written to `--json`. */
export type Step = {
  step: string;
  title: string;
  /** when it ended, by the sandbox's clock */
  at: string;
  seconds: number;
  pull: number | null;
  verdict: string | null;
  because: string | null;
  recipe: string | null;
  evaluation: string | null;
  metrics: readonly unknown[];
  versions: readonly string[];
  /** version at production when the step ended */
  production: string | null;
  artifact: string | null;
  /** SHA-256 of the released model file, taken from the bytes that the service hands out */
  released: string | null;
  jobs: readonly { name: string; conclusion: string | null }[];
  trainings: number;
  /** of the app and the workflow's jobs to the API; what people clicked is not among them */
  requests: number;
  /** those of the app alone */
  requestsOfApp: number;
  writes: number;
  [more: string]: unknown;
};

/** Counts what happens between the beginning and the end of a step. */
export class Journal {
  readonly steps: Step[] = [];
  readonly #shop: () => Shop;
  readonly #jobs: { name: string; conclusion: string | null }[] = [];

  constructor(shop: () => Shop) {
    this.#shop = shop;
  }

  /** A job of the loop has ended. */
  ended(_: RunRecord, job: JobRecord): void {
    if (job.conclusion === "skipped") return;
    this.#jobs.push({ name: job.name, conclusion: job.conclusion });
  }

  /** Plays a step and records what it says of itself together with what was counted meanwhile. */
  async record(step: string, title: string, play: () => Promise<Partial<Step>>): Promise<Step> {
    const { forge } = this.#shop().sandbox;
    const [started, requests, jobs] = [performance.now(), forge.requests.length, this.#jobs.length];
    const said = await play();
    const seen = forge.requests.slice(requests).filter(({ actor }) => actor.endsWith("[bot]"));
    const ran = this.#jobs.slice(jobs);
    const entry: Step = {
      step,
      title,
      at: forge.now().toISOString(),
      seconds: Math.round(performance.now() - started) / 1_000,
      pull: null,
      verdict: null,
      because: null,
      recipe: null,
      evaluation: null,
      metrics: [],
      versions: [],
      production: null,
      artifact: null,
      released: null,
      jobs: ran,
      trainings: ran.filter(({ name }) => /(?:^| )train /.test(name)).length,
      requests: seen.length,
      requestsOfApp: seen.filter(({ actor }) => actor === "trainyard[bot]").length,
      writes: seen.filter(({ write }) => write).length,
      ...said,
      ...(await standing(this.#shop())),
    };
    this.steps.push(entry);
    return entry;
  }
}

/** What stands in production, and the digest of the bytes that the service hands out for it. */
async function standing(shop: Shop): Promise<Partial<Step>> {
  const { readRegistry } = await import("#flow/observe/read-registry.ts");
  const { parseModelName } = await import("#core/names.ts");
  const registry = await readRegistry(shop.ports.tags, { name: parseModelName("groceries") });
  const { standing: now } = await registry.standing("production");
  const versions = registry.versions.map((version) => `groceries@${version}`);
  if (now === undefined) return { versions };
  const { data: release } = await shop.octokit.rest.repos.getReleaseByTag({
    owner: "shop",
    repo: "groceries",
    tag: `groceries@${now.version}`,
  });
  const asset = release.assets.find((entry) => entry.name.startsWith("model."));
  const bytes = asset === undefined ? undefined : await download(shop, asset.id);
  return {
    versions,
    production: now.version,
    artifact: now.artifact,
    released: bytes === undefined ? null : digest(bytes),
  };
}

async function download(shop: Shop, asset: number): Promise<Uint8Array> {
  const response = await fetch(`${shop.sandbox.url}/repos/shop/groceries/releases/assets/${asset}`, {
    headers: { accept: "application/octet-stream", authorization: `Bearer ${shop.sandbox.person("ada").token}` },
  });
  return new Uint8Array(await response.arrayBuffer());
}
