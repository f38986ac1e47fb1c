import { findLine, nameOf, type CloneView, type Warning } from "./clone-view.ts";

const ours = 'tags like "churn@v1.4.0" and "churn#production#7" may be the newest: ';
const describe = `git_describe_command = "git describe --dirty --tags --long --match 'v[0-9]*'"`;

/** Tools that take a version from the newest tag, and what makes them pass over the tags of models. */
const tools: readonly { name: string; files: RegExp; sign: RegExp; mend: string }[] = [
  {
    name: "setuptools_scm",
    files: /^(?:pyproject\.toml|setup\.(?:py|cfg))$/,
    sign: /^[^#]*setuptools[-_]scm/,
    mend: `set ${describe} under [tool.setuptools_scm]`,
  },
  {
    name: "hatch-vcs",
    files: /^pyproject\.toml$/,
    sign: /^[^#]*hatch-vcs/,
    mend: `set raw-options.${describe} under [tool.hatch.version]`,
  },
  {
    name: "versioneer",
    files: /^(?:pyproject\.toml|setup\.(?:py|cfg))$/,
    sign: /^[^#]*versioneer/,
    mend: 'set tag_prefix = "v" for it, and tag releases so',
  },
  {
    name: "poetry-dynamic-versioning",
    files: /^pyproject\.toml$/,
    sign: /^[^#]*poetry-dynamic-versioning/,
    mend: "its own pattern passes over them; one that you set under [tool.poetry-dynamic-versioning] has to begin with ^v",
  },
  {
    name: "python-semantic-release",
    files: /^pyproject\.toml$/,
    sign: /^\s*\[tool\.semantic_release/,
    mend: 'set tag_format = "v{version}" under [tool.semantic_release]',
  },
  {
    name: "semantic-release",
    files: /^(?:package\.json|\.releaserc(?:\.\w+)?|release\.config\.\w+)$/,
    sign: /"semantic-release"|tagFormat|branches/,
    mend: 'its own tagFormat, "v${version}", passes over them: keep it',
  },
  {
    name: "GoReleaser",
    files: /^\.goreleaser\.ya?ml$/,
    sign: /\S/,
    mend: 'set git: { ignore_tags: ["*@v*", "*#*"] }',
  },
];

/** What a team should know before the first run, each with where it was seen. */
export function findWarnings(view: CloneView): readonly Warning[] {
  return [...findVersionTools(view), ...findPointers(view), ...findRunners(view)];
}

function findVersionTools(view: CloneView): readonly Warning[] {
  return tools.flatMap(({ name, files, sign, mend }) => {
    const seen = view.paths.filter((path) => files.test(path)).flatMap((path) => findLine(view, path, sign) ?? []);
    const [at] = seen;
    return at === undefined ? [] : [{ message: `${name} takes the version from tags, and ${ours}${mend}`, at }];
  });
}

function findPointers(view: CloneView): readonly Warning[] {
  const [pointer] = view.paths.filter((path) => path.endsWith(".dvc") && nameOf(path) !== ".dvc");
  const lfs = findLine(view, ".gitattributes", /filter=lfs/);
  return [
    ...(pointer === undefined
      ? []
      : [
          {
            message:
              "is a pointer of DVC: training sees its data where the default remote of .dvc/config is a bucket of S3, whose AWS_… keys the workflow's secret holds; for another remote add fetch: { run: dvc pull } to the model, and keep the holdout in git",
            at: { path: pointer, line: 1 },
          },
        ]),
    ...(lfs === undefined
      ? []
      : [
          {
            message: "files in Git LFS are fetched from this repository's own LFS server: push them all to it",
            at: lfs,
          },
        ]),
  ];
}

function findRunners(view: CloneView): readonly Warning[] {
  const seen = view.paths
    .filter((path) => path.startsWith(".github/workflows/"))
    .flatMap((path) => findLine(view, path, /^[^#]*\bself-hosted\b/) ?? []);
  const [at] = seen;
  if (at === undefined) return [];
  const message =
    "runs on a self-hosted runner. Trainyard does so only where train: runs-on says it; in a public repository never do, as anybody's pull request would run on your machine";
  return [{ message, at }];
}
