"""The registry of languages: the facts of every table, to be read without importing one."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from git_muse_coord.symbols import languages
from git_muse_coord.symbols.languages.facts import Facts

PATH = "git_muse_coord/symbols/languages/registry.py"
_HEAD = '''"""The facts of every language. Written by scripts/generate from the tables: change them there."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import Facts

REGISTRY: dict[str, Facts] = {
'''


def registry() -> str:
    """The text of the registry."""
    return _HEAD + "".join(_entry(name, facts) for name, facts in all_facts().items()) + "}\n"


def all_facts() -> dict[str, Facts]:
    """What each table says of its language, by its name."""
    found: dict[str, Facts] = {}
    for module in pkgutil.iter_modules(languages.__path__):
        facts = getattr(import_module(f"{languages.__name__}.{module.name}"), "FACTS", None)
        if isinstance(facts, Facts):
            found[module.name] = facts
    return found


def _entry(language: str, facts: Facts) -> str:
    lines = [f'    "{language}": Facts(\n']
    for name, value in facts._asdict().items():
        if value != Facts._field_defaults[name]:
            text = f'"{value}"' if isinstance(value, str) else repr(value)
            lines.append(f"        {name}={text},\n")
    lines.append("    ),\n")
    return "".join(lines)
