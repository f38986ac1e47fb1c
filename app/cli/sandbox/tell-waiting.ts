import * as z from "zod";
import { readWaitingMarker } from "#core/message/render-waiting.ts";
import type { Forge } from "#sandbox/forge/contract.ts";

const shown = z.object({ issue: z.object({ number: z.number(), state: z.string(), body: z.string().nullable() }) });

/** Says what waits for /promote, the request that lets it go on, and the page on which to say it. */
export function tellWaiting(forge: Forge, token: string, say: (text: string) => void): void {
  const said = new Map<string, string>();
  forge.on("issues", ({ repo, payload }) => {
    const { issue } = shown.safeParse(payload).data ?? {};
    if (issue === undefined) return;
    const which = `Issue ${issue.number} of ${repo.fullName}`;
    const model = readWaitingMarker(issue.body ?? "");
    const command = /^\/promote [\w-]+ [0-9a-f]{12}\b/m.exec(issue.body ?? "")?.[0];
    if (issue.state !== "open" || model === undefined || command === undefined) return void said.delete(which);
    if (said.get(which) === command) return;
    said.set(which, command);
    const comments = `${forge.urls.server}/api/v3/repos/${repo.fullName}/issues/${issue.number}/comments`;
    const request = `curl -H "Authorization: Bearer ${token}" ${comments} -d '${JSON.stringify({ body: command })}'`;
    say(
      `${which}: ${model} waits for "${command}". To comment that:\n  ${request}\n  or on its page ${forge.urls.server}/${repo.fullName}/issues/${issue.number}`,
    );
  });
}
