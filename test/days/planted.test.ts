import { describe, expect, it } from "vitest";
import type { Ports } from "#core/ports.ts";
import { tellDay, type Wrap } from "./run-days.ts";

const within = 200;

/** Bugs that a product could have, put between the flows and what they stand on: each is a law broken. */
const planted: readonly (readonly [what: string, wrap: Wrap])[] = [
  ["a word of who may not write", ({ people, ...ports }) => ({ ...ports, people: { ...people, mayWrite: yes } })],
  [
    "a check that is green whatever was found",
    (ports) => ({
      ...ports,
      checks: { ...ports.checks, create: green(ports.checks.create), update: green(ports.checks.update) },
    }),
  ],
  [
    "bytes that seem to be gone, so that all is trained again",
    (ports) => ({ ...ports, bytes: { ...ports.bytes, available: async () => await Promise.resolve(false) } }),
  ],
  [
    "runs that are forgotten",
    (ports) => ({
      ...ports,
      evidence: {
        ...ports.evidence,
        list: async () => (await ports.evidence.list()).filter((path) => !path.startsWith("runs/")),
      },
    }),
  ],
  [
    "verdicts on merged pull requests that all read as green",
    (ports) => ({
      ...ports,
      evidence: {
        ...ports.evidence,
        read: async (path) => {
          const text = await ports.evidence.read(path);
          return path.startsWith("reviews/") ? text?.replace('"green": false', '"green": true') : text;
        },
      },
    }),
  ],
  [
    "comments that are made twice",
    (ports) => ({
      ...ports,
      comments: {
        ...ports.comments,
        own: async () => await Promise.resolve([]),
      },
    }),
  ],
  [
    "tags that all bear one date",
    (ports) => ({
      ...ports,
      tags: {
        ...ports.tags,
        create: async (tag) => await ports.tags.create({ ...tag, date: new Date("2026-05-01T12:00:00Z") }),
      },
    }),
  ],
];

describe(`a bug is seen within ${within} days`, () => {
  it.for(planted)("%s", async ([, wrap]) => {
    let told: string | undefined;
    for (let seed = 1; seed <= within && told === undefined; seed += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the first that sees it ends it
      told = await tellDay(seed, wrap).catch((error: unknown) => String(error));
    }
    expect(told).toMatch(/./);
  });
});

async function yes(): Promise<boolean> {
  return await Promise.resolve(true);
}

type Said = Parameters<Ports["checks"]["update"]>[1];

function green<Where>(
  write: (where: Where, check: Said) => Promise<void>,
): (where: Where, check: Said) => Promise<void> {
  return async (where, check) => await write(where, { ...check, state: { kind: "completed", conclusion: "success" } });
}
