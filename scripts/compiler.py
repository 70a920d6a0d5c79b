"""Calls as the TypeScript compiler resolves them, against those of our graph (``scripts/eval_graph``)."""

from __future__ import annotations

import json
import shutil
import subprocess
from bisect import bisect_right
from collections import Counter, defaultdict
from pathlib import Path

from git_muse_coord.model.address import MODULE, Key
from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.link import link
from git_muse_coord.symbols.uses import concerns

HERE = Path(__file__).resolve().parent
HOME = HERE.parent / ".typescript"
SCRIPTS = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
LEFT_OUT = {"node_modules", ".git", "dist"}
CONSTRUCTORS = ("constructor",)


def install() -> None:
    """The compiler in a folder of its own, which git ignores."""
    if not (HOME / "node_modules" / "typescript").exists():
        HOME.mkdir(exist_ok=True)
        npm = shutil.which("npm") or "npm"
        command = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(HOME), "typescript@5"]
        subprocess.run(command, check=True, cwd=HOME)


class Places:
    """Which symbol of ours stands where."""

    def __init__(self, sources: dict[str, bytes]) -> None:
        self._starts: dict[str, list[tuple[int, int, Key]]] = {}
        for path, data in sources.items():
            rows = []
            for symbol in extract(path, data).symbols:
                if symbol.kind not in ("file", "module", "imports"):
                    rows.append((symbol.start_line, symbol.end_line, symbol.key))
            self._starts[path] = sorted(rows, key=lambda row: (row[0], -row[1]))

    def around(self, path: str, line: int) -> Key:
        """The innermost symbol around a line."""
        rows = self._starts.get(path, [])
        last = bisect_right([row[0] for row in rows], line)
        for start, end, key in reversed(rows[:last]):
            if start <= line <= end:
                return key
        return (path, MODULE)

    def declared(self, path: str, line: int, name: str) -> Key | None:
        """The symbol of a name that is declared on a line; None for what is local."""
        for start, end, key in reversed(self._starts.get(path, [])):
            if start <= line <= end and name in (key[-1], "default"):
                return key
        return None


def evaluate(root: Path, *, show: bool) -> None:
    """Print precision and recall of all calls below a folder."""
    install()
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    kept = [path for path in paths if LEFT_OUT.isdisjoint(path.relative_to(root).parts)]
    named = {path.relative_to(root).as_posix(): path for path in kept}
    sources = {name: path.read_bytes() for name, path in named.items() if concerns(name)}
    scripts = {name: data for name, data in sources.items() if name.endswith(SCRIPTS)}
    graph = link({name: collect(name, data) for name, data in sources.items()})
    command = ["node", str(HERE / "compiler.mjs"), str(HOME), str(root)]
    files = "\n".join(scripts)
    run = subprocess.run(command, input=files, capture_output=True, text=True, check=True)
    places = Places(scripts)
    theirs: dict[Key, set[Key]] = defaultdict(set)
    known: dict[Key, set[str]] = defaultdict(set)
    for line in run.stdout.splitlines():
        call = json.loads(line)
        source = places.around(call["file"], call["line"])
        if call["isKnown"]:
            known[source].add(call["name"])
        for path, row, name in call["places"]:
            target = places.declared(path, row, name)
            if target is not None and target != source:
                theirs[source].add(target)
    ours: dict[Key, set[Key]] = defaultdict(set)
    for edge in graph.edges:
        if edge.use is Use.CALL and edge.source[0] in scripts:
            ours[edge.source].add(edge.target)
    report(ours, theirs, known, show=show)


def report(
    ours: dict[Key, set[Key]],
    theirs: dict[Key, set[Key]],
    known: dict[Key, set[str]],
    *,
    show: bool,
) -> None:
    """Print the shares. What the compiler does not resolve is neither right nor wrong."""
    verdicts: Counter[str] = Counter()
    for source, targets in theirs.items():
        # what a .d.ts declares is defined elsewhere: the definition of that name is the same answer
        for target in [key for key in targets if key[0].endswith(".d.ts")]:
            same = {key for key in ours.get(source, ()) if key[-1] == target[-1]}
            if same:
                targets.discard(target)
                targets |= same
    for source, targets in ours.items():
        for target in targets:
            verdict = "right" if target in theirs[source] else "not judged"
            if (
                verdict != "right"
                and target[-1] in known[source]
                and target[-1] not in CONSTRUCTORS
            ):
                verdict = "wrong"
            verdicts[verdict] += 1
            if show and verdict == "wrong":
                print("wrong ", *source, "->", *target)
    missed = 0
    for source, targets in theirs.items():
        for target in targets - ours.get(source, set()):
            missed += 1
            if show:
                print("missed", *source, "->", *target)
    found = sum(len(targets) for targets in theirs.values()) - missed
    judged = max(1, verdicts["right"] + verdicts["wrong"])
    print(f"precision {verdicts['right'] / judged:.3f}", dict(verdicts))
    print(f"recall    {found / max(1, found + missed):.3f} of {found + missed}")
