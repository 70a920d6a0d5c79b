"""Makes of the program's answers what pydantic can read: dataclasses, whose annotations can be evaluated."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import sys

from git_muse_coord.model import declared


def make_readable() -> None:
    """Do this for all modules of the program that are loaded, and all that their annotations need."""
    define_all_for_annotations()
    _make_dataclasses(declared.Declared)


def define_all_for_annotations() -> None:
    """Define in all modules that are loaded what their annotations name."""
    ready: set[str] = set()
    while waiting := _modules() - ready:
        now_ready = set(filter(_define_for_annotations, waiting))
        assert now_ready, f"these need one another: {waiting}"
        ready |= now_ready


def _modules() -> set[str]:
    return {name for name in sys.modules if name.startswith("git_muse_coord")}


def _define_for_annotations(name: str) -> bool:
    """Define in a module what a type checker alone sees. False: it needs such a name of another module first."""
    module = sys.modules[name]
    for node in ast.parse(inspect.getsource(module)).body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            code = compile(ast.Module(node.body, []), str(module.__file__), "exec")
            try:
                exec(code, vars(module))  # noqa: S102 - our own source
            except ImportError:
                return False
    return True


def _make_dataclasses(base: type[declared.Declared]) -> None:
    for cls in base.__subclasses__():
        for name, default in vars(cls).copy().items():
            if isinstance(default, declared.Fresh):
                setattr(cls, name, dataclasses.field(default_factory=default.make))
        dataclasses.dataclass(kw_only=True, eq=False, init=False, repr=False)(cls)
        _make_dataclasses(cls)
