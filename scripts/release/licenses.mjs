import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const inPackage = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;
const isLicense = /^(?:licen[cs]e|notice|copying)(?:[.-]|$)/i;
const line = "=".repeat(80);

/**
 * The licences of every package that these modules belong to, as one text in order of name: whoever gets a bundle gets
 * them, too. `own`: notices of our own sources, by path below `root`.
 */
export function collectLicenses(root, moduleIds, own) {
  const folders = new Set(moduleIds.map((id) => inPackage.exec(id)?.[1]).filter((folder) => folder !== undefined));
  const entries = [...folders].map((folder) => {
    const { name, version, license } = readPackage(folder);
    const texts = readdirSync(folder)
      .filter((file) => isLicense.test(file))
      .sort()
      .map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
    const named = typeof license === "string" ? license : "it names no licence";
    return {
      title: `${name} ${version} (${named})`,
      text: texts.join("\n\n") || "It comes with no text of a licence.",
    };
  });
  const notices = own.map((path) => ({ title: path, text: readFileSync(join(root, path), "utf8").trim() }));
  const unique = new Map([...entries, ...notices].map((entry) => [entry.title, entry]));
  return [...unique.values()]
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${line}\n${title}\n${line}\n\n${text}\n`)
    .join("\n");
}

function readPackage(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
