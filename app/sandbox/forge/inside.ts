import type { Forge } from "./contract.ts";
import type { PostOffice } from "./events/post-office.ts";
import type { RateLimit } from "./http/rate-limit.ts";
import type { State } from "./storage/state.ts";

/** The forge as its own parts see it; parts of others take `Forge`. */
export type ForgeInside = Forge & {
  readonly state: State;
  readonly office: PostOffice;
  readonly limit: RateLimit;
  /** what tokens and JWTs are judged by */
  readonly tokenClock: () => Date;
};
