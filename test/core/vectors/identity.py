"""Identities as docs/identity.md specifies them, by nothing but Python's standard library.

An independent second implementation. `python3 identity.py` compares it with identity.json; `--write` fills in what
identity.json should say.
"""

import decimal
import hashlib
import json
import pathlib
import re
import sys

VECTORS = pathlib.Path(__file__).with_name("identity.json")


# Canonical JSON


def number(value):
    """A number as ECMAScript writes it (ECMA-262, Number::toString)."""
    if isinstance(value, int):
        value = float(value)
    if value == 0:
        return "0"
    sign = "-" if value < 0 else ""
    _, digits, exponent = decimal.Decimal(repr(abs(value))).as_tuple()
    text = "".join(map(str, digits))
    stripped = text.rstrip("0")
    exponent += len(text) - len(stripped)
    k, n = len(stripped), len(stripped) + exponent
    if k <= n <= 21:
        return sign + stripped + "0" * (n - k)
    if 0 < n <= 21:
        return f"{sign}{stripped[:n]}.{stripped[n:]}"
    if -6 < n <= 0:
        return f"{sign}0.{'0' * -n}{stripped}"
    mantissa = stripped if k == 1 else f"{stripped[0]}.{stripped[1:]}"
    return f"{sign}{mantissa}e{'+' if n > 0 else '-'}{abs(n - 1)}"


def canonical(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    members = sorted(value.items())
    return "{" + ",".join(f"{canonical(key)}:{canonical(member)}" for key, member in members) + "}"


def by_bytes(text):
    return text.encode("utf-8")


def listed(files):
    return [[f["path"], f["mode"], f["blob"]] for f in sorted(files, key=lambda f: by_bytes(f["path"]))]


# Identities: each returns the canonical text whose SHA-256 it is


def recipe(case):
    setup = case["settings"]["setup"]
    container = setup["container"] if setup else None
    return canonical(
        {
            "schema": "trainyard/recipe/1",
            "setup": setup["run"] if setup else None,
            "container": container.split("@", 1)[1] if container else None,
            "train": case["settings"]["train"]["run"],
            "model": case["settings"]["train"]["model"],
            "predict": case["settings"]["predict"]["run"],
            "inputs": listed(case["inputs"]),
        }
    )


def evaluation(case):
    definitions = case["definitions"]
    metrics = [
        {"name": m["name"], "better": m["better"], "unit": m.get("unit"), "definition": m["definition"]}
        for m in sorted(definitions["metrics"], key=lambda m: by_bytes(m["name"]))
    ]
    return canonical(
        {
            "schema": "trainyard/evaluation/1",
            "task": definitions["task"],
            "id": definitions.get("id"),
            "label": definitions["label"],
            "score": definitions["score"],
            "metrics": metrics,
            "slices": sorted(definitions["slices"], key=by_bytes),
            "holdout": listed(case["files"]["holdout"]),
            "lookup": listed(case["files"]["lookup"]),
            "ignore": listed(case["files"]["ignore"]),
        }
    )


def baseline(case):
    container = case["container"]
    return canonical({
        "schema": "trainyard/baseline/1",
        "run": case["run"],
        "setup": case["setup"],
        **({"container": container.split("@", 1)[1]} if container else {}),
        "code": listed(case["code"]),
    })


def subject(case):
    return canonical({"schema": "trainyard/subject/1", "artifact": case["artifact"], "recipe": case["recipe"]})


def gates(case):
    written = sorted(map(canonical, case["gates"]), key=by_bytes)
    return '{"gates":[' + ",".join(written) + '],"schema":"trainyard/gates/1"}'


def artifact(case):
    files = sorted(case["files"], key=lambda f: by_bytes(f["path"]))
    return None if len(files) == 1 else canonical(files)


# Which files


def segment_pattern(segment):
    parts = {"*": "[^/]*", "?": "[^/]"}
    return "".join(parts.get(letter, re.escape(letter)) for letter in segment)


def matches(glob, path):
    def walk(pattern, segments):
        if not pattern:
            return not segments
        if pattern[0] == "**":
            return any(walk(pattern[1:], segments[skip:]) for skip in range(len(segments) + 1))
        if not segments or not re.fullmatch(segment_pattern(pattern[0]), segments[0], re.DOTALL):
            return False
        return walk(pattern[1:], segments[1:])

    return walk(glob.split("/"), path.split("/"))


def natural(path):
    runs = re.findall(r"[0-9]+|[^0-9]+", path)
    # A run of digits and a run of others only ever meet at the start, where digits go by their first byte
    return [(1, int(run)) if run[0] in "0123456789" else (0 if by_bytes(run) < b"0" else 2, by_bytes(run)) for run in runs], by_bytes(path)


def select(file_set, paths):
    if file_set is None:
        return []
    globs = [file_set["of"]] if file_set["kind"] == "last" else file_set["globs"]
    found = [path for path in paths if any(matches(glob, path) for glob in globs)]
    if file_set["kind"] == "last":
        found = sorted(found, key=natural)[-file_set["count"] :]
    return sorted(found, key=by_bytes)


DOCUMENTS = "authors changelog citation.cff code_of_conduct codeowners contributing contributors copying licence license notice readme security".split()


def is_documentation(path):
    if path.startswith(("docs/", "doc/")):
        return True
    name = "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in path.rsplit("/", 1)[-1])
    if name.endswith((".md", ".markdown", ".rst", ".adoc")):
        return True
    return (name[:-4] if name.endswith(".txt") else name) in DOCUMENTS


def selection(case):
    paths = sorted(case["tree"], key=by_bytes)
    holdout = select(case["holdout"], paths)
    rest = [path for path in paths if path not in holdout]
    inputs = case["inputs"]
    if inputs is None:
        training = [p for p in rest if not p.startswith(".github/") and not is_documentation(p)]
        predicting = training
    else:
        chosen = {kind: {p for p in rest if any(matches(g, p) for g in inputs[kind])} for kind in ("data", "code", "params")}
        training = [p for p in rest if any(p in found for found in chosen.values())]
        predicting = [p for p in rest if p in chosen["code"] or p in chosen["params"]]
    return {
        "training": training,
        "predicting": predicting,
        "holdout": holdout,
        "lookup": select(case["lookup"], rest),
        "ignore": select(case["ignore"], rest),
    }


# Merged tree: path → [mode, blob]


def folders(path):
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def merge(case):
    base, ancestor, head = case["base"], case["ancestor"], case["head"]
    changed = lambda tree: {p for p in {*ancestor, *tree} if ancestor.get(p) != tree.get(p)}
    ours, theirs = changed(base), changed(head)
    if ours & theirs:
        return None
    for mover, other in ((base, head), (head, base)):
        if not any(path not in ancestor for path in mover):
            continue
        before = {folder for path in ancestor for folder in folders(path)}
        after = {folder for path in mover for folder in folders(path)}
        gone = before - after
        if any(folder in gone for path in other if path not in ancestor for folder in folders(path)):
            return None
    merged = {**base}
    for path in theirs:
        if path in head:
            merged[path] = head[path]
        else:
            del merged[path]
    if any(folder in merged for path in merged for folder in folders(path)):
        return None
    return merged


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def answer(kind, case):
    if kind == "selections":
        return {"selected": selection(case)}
    if kind == "merges":
        return {"merged": merge(case)}
    text = {"recipes": recipe, "evaluations": evaluation, "baselines": baseline, "gates": gates, "artifacts": artifact, "subjects": subject}[kind](case)
    return {"canonical": text, "digest": case["files"][0]["sha256"] if text is None else sha256(text)}


def main():
    vectors = json.loads(VECTORS.read_text("utf-8"))
    write = "--write" in sys.argv
    wrong = []
    for kind, cases in vectors.items():
        for case in cases:
            for key, value in answer(kind, case).items():
                if write:
                    case[key] = value
                elif case.get(key) != value:
                    wrong.append(f"{kind}, {case['name']}: {key} should be {value}")
    if write:
        VECTORS.write_text(json.dumps(vectors, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print("\n".join(wrong) or f"{sum(map(len, vectors.values()))} vectors agree")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
