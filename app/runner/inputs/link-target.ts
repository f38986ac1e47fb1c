import { posix } from "node:path";

const mostHops = 40;

/**
 * What is wrong with a symbolic link among `links` (path to target), as a sentence: it must stay inside its folder however
 * the links are followed. Targets are attacker-controlled. A target that does not exist is no problem.
 */
export function findLinkProblem(path: string, links: ReadonlyMap<string, string>): string | undefined {
  const shown = `Cannot write the link "${path}" to "${(links.get(path) ?? "").slice(0, 200)}"`;
  const walked = walk(path, links);
  if (walked === "outside")
    return `${shown}: it leaves the folder of inputs. Let it point to a declared input by a relative path`;
  return walked === "endless" ? `${shown}: it goes round in a circle` : undefined;
}

/** Follows a path part by part, as the file system would: a `..` behind a link starts from where the link leads. */
function walk(path: string, links: ReadonlyMap<string, string>): "inside" | "outside" | "endless" {
  let at: string[] = [];
  let left = path.split("/");
  for (let hops = 0; ;) {
    const part = left.shift();
    if (part === undefined) return "inside";
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (at.length === 0) return "outside";
      at = at.slice(0, -1);
      continue;
    }
    const target = links.get([...at, part].join("/"));
    if (target === undefined) {
      at.push(part);
      continue;
    }
    if (
      target === "" ||
      target.includes("\0") ||
      target.includes("\\") ||
      posix.isAbsolute(target) ||
      /^[A-Za-z]:/.test(target)
    )
      return "outside";
    hops += 1;
    if (hops > mostHops) return "endless";
    left = [...target.split("/"), ...left];
  }
}
