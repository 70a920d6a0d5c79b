"""The registry of languages: the facts of every table, to be read without importing one."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from git_muse_coord.symbols import languages
from git_muse_coord.symbols.languages.facts import LanguageFacts

PATH = "git_muse_coord/symbols/languages/registry.py"
_HEAD = '''"""The facts of every language. Written by scripts/generate from the tables: change them there."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

REGISTRY: dict[str, LanguageFacts] = {
'''


def registry() -> str:
    """The text of the registry."""
    return _HEAD + "".join(_entry(name, facts) for name, facts in all_facts().items()) + "}\n"


def all_facts() -> dict[str, LanguageFacts]:
    """What each table says of its language, by its name."""
    found: dict[str, LanguageFacts] = {}
    for module in pkgutil.iter_modules(languages.__path__):
        facts = getattr(import_module(f"{languages.__name__}.{module.name}"), "FACTS", None)
        if isinstance(facts, LanguageFacts):
            found[module.name] = facts
    return found


def _entry(language: str, facts: LanguageFacts) -> str:
    lines = [f'    "{language}": LanguageFacts(\n']
    for name, value in facts._asdict().items():
        if value != LanguageFacts._field_defaults[name]:
            text = f'"{value}"' if isinstance(value, str) else repr(value)
            lines.append(f"        {name}={text},\n")
    lines.append("    ),\n")
    return "".join(lines)
