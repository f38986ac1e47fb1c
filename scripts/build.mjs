// Bundles every action and the command line (or only what the arguments name: actions, cli) into dist/: the same sources
// always give the same bytes.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";
import { digestSources } from "./bundle.mjs";
import { collectLicenses } from "./release/licenses.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const out = join(root, "dist");
/** native code, WebAssembly and worker threads: they are files of their own and stay in node_modules */
const unbundled = ["@duckdb/", "onnxruntime-", "probot", "fastify", "pino"];
const isUnbundled = (id) => unbundled.some((name) => id.startsWith(name));
const isPackage = (id) => /^@?[a-z0-9][\w.-]*(?:\/|$)/i.test(id) && !id.startsWith("node:");

const actions = readdirSync(join(root, "actions"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && existsSync(join(root, "actions", entry.name, "main.ts")))
  .map((entry) => [`actions/${entry.name}/main`, `actions/${entry.name}/main.ts`]);
// An action comes as a bare checkout and carries its packages; the command line is installed with its own.
const wanted = process.argv.slice(2);
const groups = [
  { name: "actions", entries: Object.fromEntries(actions.sort()), external: isUnbundled },
  {
    name: "cli",
    // what runs in a thread of its own is a file of its own
    entries: { "cli/main": "app/cli/main.ts", "cli/onnx-worker": "app/serve/onnx/worker.ts" },
    external: isPackage,
  },
].filter(({ name }) => wanted.length === 0 || wanted.includes(name));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const manifest = {};
const modules = [];
try {
  for (const { entries, external } of groups) {
    const present = Object.entries(entries).filter(([, file]) => existsSync(join(root, file)));
    if (present.length > 0) Object.assign(manifest, await bundle(Object.fromEntries(present), external));
  }
  const notices = ["app/sandbox/openapi/NOTICE"].filter((path) => existsSync(join(root, path)));
  writeFileSync(join(out, "LICENSES.txt"), collectLicenses(root, modules, notices));
} catch (error) {
  process.stderr.write(`Cannot bundle: ${error.message}\n`);
  process.exit(1);
}
writeFileSync(join(out, "bundles.json"), `${JSON.stringify(manifest, undefined, 2)}\n`);
process.stdout.write(
  `${Object.keys(manifest)
    .map((entry) => `dist/${entry}.js`)
    .join("\n")}\n`,
);

async function bundle(input, external) {
  const kind = Object.keys(input)[0].split("/")[0];
  const build = await rolldown({
    cwd: root,
    input,
    platform: "node",
    // a linked node_modules is named as if it lay here: paths of the machine are in no bundle
    resolve: { symlinks: false },
    external: (id) => id.startsWith("node:") || builtinModules.includes(id) || external(id),
    logLevel: "warn",
    checks: { circularDependency: false, eval: false, bundlerTimings: false },
  });
  const { output } = await build.write({
    dir: out,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: `${kind}/chunks/[name]-[hash].js`,
    comments: false,
  });
  await build.close();
  for (const file of output) if (file.type === "chunk") modules.push(...file.moduleIds);
  const chunks = new Map(output.filter((file) => file.type === "chunk").map((chunk) => [chunk.fileName, chunk]));
  return Object.fromEntries(
    Object.keys(input).map((entry) => {
      const reached = reach(`${entry}.js`, chunks);
      const sources = [...new Set(reached.flatMap((chunk) => chunk.moduleIds))]
        .map((id) => relative(root, id).split(sep).join("/"))
        .filter((path) => /^(?:app|actions)\//.test(path))
        .sort();
      const imports = reached.flatMap((chunk) => [...chunk.imports, ...chunk.dynamicImports]);
      const packages = [
        ...new Set(imports.filter((id) => isPackage(id) && !builtinModules.includes(id) && !chunks.has(id))),
      ];
      return [entry, { sources, sha256: digestSources(root, sources), packages: packages.sort() }];
    }),
  );
}

function reach(start, chunks) {
  const seen = new Set([start]);
  for (const name of seen) {
    const chunk = chunks.get(name);
    for (const next of [...(chunk?.imports ?? []), ...(chunk?.dynamicImports ?? [])])
      if (chunks.has(next)) seen.add(next);
  }
  return [...seen].map((name) => chunks.get(name)).filter((chunk) => chunk !== undefined);
}
