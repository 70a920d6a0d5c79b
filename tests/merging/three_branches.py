"""Three branches: one renames a function, one begins to call it by its old name, and one does neither."""

from __future__ import annotations

from typing import NamedTuple

from tests.tools import Repo

RENAMER, CALLER, INNOCENT = "renamer", "caller", "innocent"


class Code(NamedTuple):
    """A language: where the function is, what it is called before and after, and a new file that calls it."""

    defined: str
    before: str
    old: str
    new: str
    calling: str
    call: str
    line: int
    by: str

    @property
    def after(self) -> str:
        """The file with the other name."""
        return self.before.replace(self.old, self.new)


PYTHON = Code(
    defined="src/my shop/ähm.py",
    before="def total(items):\n    return sum(items)\n\n\ndef tax():\n    return 1\n",
    old="total",
    new="grand_total",
    calling="src/my shop/désk.py",
    call="from ähm import total\n\n\ndef show(items):\n    return total(items)\n",
    line=5,
    by="show",
)
TYPESCRIPT = Code(
    defined="web app/größe.ts",
    before="export function total(items: number[]) {\n  return items.length;\n}\n",
    old="total",
    new="grandTotal",
    calling="web app/kasse.ts",
    call='import { total } from "./größe";\n\nexport function show(items: number[]) {\n  return total(items);\n}\n',
    line=4,
    by="show",
)
GO = Code(
    defined="cmd shop/größe.go",
    before="package shop\n\nfunc Total(items []int) int {\n\treturn len(items)\n}\n",
    old="Total",
    new="GrandTotal",
    calling="cmd shop/kasse.go",
    call="package shop\n\nfunc Show(items []int) int {\n\treturn Total(items)\n}\n",
    line=4,
    by="Show",
)
ALL = {"python": PYTHON, "typescript": TYPESCRIPT, "go": GO}


def three_branches(repo: Repo, code: Code) -> None:
    """Make them in a repository, and leave it on main."""
    repo.write(code.defined, code.before)
    repo.write("go.mod", "module example.com/shop\n")
    repo.write("innocent.py", "def innocent():\n    return 0\n")
    repo.commit("A shop")
    files = {
        RENAMER: (code.defined, code.after),
        CALLER: (code.calling, code.call),
        INNOCENT: ("innocent.py", "def innocent():\n    return 1\n"),
    }
    for branch, (path, text) in files.items():
        repo.git("switch", "-qc", branch, "main")
        repo.write(path, text)
        repo.commit(branch)
    repo.git("switch", "-q", "main")
