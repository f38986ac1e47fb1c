import type { Octokit } from "@octokit/rest";
import type { LocalForge } from "#sandbox/forge/forge.ts";

/** Somebody with an account: what they may do, their token says. */
export type Person = { login: string; token: string; octokit: Octokit; cloneUrl(repository: string): string };

export function createPerson(forge: LocalForge, login: string, octokit: (token: string) => Octokit): Person {
  if (forge.account(login) === undefined) forge.createUser(login);
  const token = forge.createToken(login);
  return {
    login,
    token,
    octokit: octokit(token),
    cloneUrl(repository) {
      const url = new URL(forge.urls.server);
      url.username = login;
      url.password = token;
      url.pathname = `/${repository}.git`;
      return url.href;
    },
  };
}
