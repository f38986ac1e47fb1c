import { findLine, type CloneView, type Found, type Warning } from "./clone-view.ts";

/** How the team's tools are installed, and how a command runs with them. */
export type SetupGuess = {
  found: Found<string> | undefined;
  /** the files it needs, which have to be among the inputs */
  files: readonly string[];
  /** the same command, run by what was installed */
  wrap: (command: string) => string;
  /** files that could have been used as well */
  passedOver: readonly string[];
  warnings: readonly Warning[];
};

type Way = { file: string; with?: readonly string[]; run: string; runner?: string; warning?: string; sign?: RegExp };

const conda = (file: string): Way => ({
  file,
  run: `conda env create --quiet --prefix ./.conda --file ${file}`,
  runner: "conda run --no-capture-output --prefix ./.conda",
  warning: "conda has to be on the runner's PATH: it is on GitHub's Ubuntu 22.04 and 24.04, not on 26.04",
});

const python: readonly Way[] = [
  { file: "uv.lock", with: ["pyproject.toml"], run: "pip install uv && uv sync --frozen", runner: "uv run --no-sync" },
  {
    file: "poetry.lock",
    with: ["pyproject.toml"],
    run: "pip install poetry && poetry install --no-root",
    runner: "poetry run",
  },
  { file: "requirements.txt", run: "pip install -r requirements.txt" },
  conda("environment.yml"),
  conda("environment.yaml"),
  conda("conda.yaml"),
  { file: "pyproject.toml", run: "pip install .", sign: /^\s*\[(?:project|build-system)\]/ },
  { file: "setup.py", run: "pip install ." },
];
const node: readonly Way[] = [
  { file: "package-lock.json", with: ["package.json"], run: "npm ci" },
  { file: "pnpm-lock.yaml", with: ["package.json"], run: "corepack enable && pnpm install --frozen-lockfile" },
  { file: "yarn.lock", with: ["package.json"], run: "corepack enable && yarn install --immutable" },
  { file: "package.json", run: "npm install" },
];
const r: readonly Way[] = [{ file: "renv.lock", run: "Rscript -e 'renv::restore()'" }];

/** Chooses by the files at the root, among those of the language that the training command is written in. */
export function guessSetup(view: CloneView, train: string | undefined): SetupGuess {
  const there = new Set(view.paths);
  const ways = (
    train === undefined
      ? [...python, ...node, ...r]
      : /\b(?:npm|npx|node|yarn|pnpm)\b/.test(train)
        ? node
        : /\bRscript\b/.test(train)
          ? r
          : [...python, ...r]
  ).filter(
    ({ file, with: others = [], sign }) =>
      [file, ...others].every((one) => there.has(one)) &&
      (sign === undefined || findLine(view, file, sign) !== undefined),
  );
  const [way = findBelow(view, train), ...rest] = ways;
  if (way === undefined || isEmptyPackage(view, way))
    return { found: undefined, files: [], wrap: (command) => command, passedOver: [], warnings: [] };
  const files = [way.file, ...(way.with ?? [])];
  const { runner } = way;
  const at = { path: way.file, line: 1 };
  return {
    found: { value: way.run, because: `installs what ${way.file} says`, at },
    files,
    wrap: (command) =>
      runner === undefined ? command : command.replaceAll(/(^|&& |\()(?=python3?\b)/g, (start) => `${start}${runner} `),
    passedOver: rest.map(({ file }) => file).filter((file) => !files.includes(file)),
    warnings: [...(way.warning === undefined ? [] : [{ message: way.warning, at }]), ...sayReadme(view, way)],
  };
}

/** The only requirements.txt of a folder below the root. */
function findBelow(view: CloneView, train: string | undefined): Way | undefined {
  const below = view.paths.filter((path) => /^[\w.-]+\/requirements\.txt$/.test(path));
  const [file, ...more] = train !== undefined && /\bpython3?\b/.test(train) ? below : [];
  return file === undefined || more.length > 0 ? undefined : { file, run: `pip install -r ${file}` };
}

/** A package.json without a lock or a dependency installs nothing. */
function isEmptyPackage(view: CloneView, { file }: Way): boolean {
  return file === "package.json" && !/"(?:dev|optional|peer)?dependencies"\s*:/i.test(view.texts.get(file) ?? "");
}

/** A package that is built needs the README it names, and documentation is no input unless somebody says so. */
function sayReadme(view: CloneView, { run }: Way): readonly Warning[] {
  const builds = run === "pip install ." || run.endsWith("uv sync --frozen");
  const at = builds ? findLine(view, "pyproject.toml", /^\s*readme\s*=/) : undefined;
  if (at === undefined) return [];
  const message =
    "building the package needs the README named here, and documentation is no input by default: list it under inputs: code, with the rest of your code, or take this line out";
  return [{ message, at }];
}
