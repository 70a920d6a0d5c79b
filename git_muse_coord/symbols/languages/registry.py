"""The facts of every language. Written by scripts/generate from the tables: change them there."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import LanguageFacts

REGISTRY: dict[str, LanguageFacts] = {
    "bash": LanguageFacts(
        extensions="sh bash zsh ksh bats",
        files=".bashrc .bash_profile .profile PKGBUILD",
        interpreters="sh bash dash ksh zsh",
        uses="others",
        last_definition_counts=True,
    ),
    "c": LanguageFacts(
        extensions="c",
        uses="others",
    ),
    "cpp": LanguageFacts(
        extensions="C cc cpp cxx c++ hpp hh hxx h++ ipp tpp inl cu cuh",
        uses="others",
        shares_names_with="c",
        has_overloads=True,
    ),
    "csharp": LanguageFacts(
        extensions="cs csx",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "go": LanguageFacts(
        extensions="go",
        uses="go",
        may_repeat="init",
    ),
    "java": LanguageFacts(
        extensions="java",
        uses="java",
        has_overloads=True,
    ),
    "javascript": LanguageFacts(
        extensions="js mjs cjs jsx es6",
        interpreters="node",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
    ),
    "json": LanguageFacts(
        extensions="json jsonc json5 webmanifest",
        files=".babelrc",
        is_document=True,
    ),
    "kotlin": LanguageFacts(
        extensions="kt kts",
        interpreters="kotlin",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "lua": LanguageFacts(
        extensions="lua",
        interpreters="lua luajit",
        uses="others",
        last_definition_counts=True,
    ),
    "markdown": LanguageFacts(
        extensions="md markdown mdown mkd mdx",
        is_document=True,
        is_prose=True,
    ),
    "php": LanguageFacts(
        extensions="php phtml php5 inc",
        interpreters="php",
        uses="others",
    ),
    "python": LanguageFacts(
        extensions="py pyi pyw",
        files="BUILD BUILD.bazel SConstruct",
        interpreters="python pypy",
        uses="python",
        last_definition_counts=True,
        signatures_are_read=True,
    ),
    "rst": LanguageFacts(
        extensions="rst",
        is_document=True,
        is_prose=True,
    ),
    "ruby": LanguageFacts(
        extensions="rb rake gemspec ru podspec",
        files="Gemfile Rakefile Guardfile Vagrantfile Podfile",
        interpreters="ruby",
        uses="others",
        last_definition_counts=True,
    ),
    "rust": LanguageFacts(
        extensions="rs",
        uses="rust",
    ),
    "scala": LanguageFacts(
        extensions="scala sc sbt",
        interpreters="scala",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "swift": LanguageFacts(
        extensions="swift",
        interpreters="swift",
        uses="others",
        has_overloads=True,
    ),
    "toml": LanguageFacts(
        extensions="toml",
        is_document=True,
    ),
    "tsx": LanguageFacts(
        extensions="tsx",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
        types_are_checked=True,
    ),
    "typescript": LanguageFacts(
        extensions="ts mts cts",
        interpreters="deno bun",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
        types_are_checked=True,
    ),
    "yaml": LanguageFacts(
        extensions="yaml yml",
        files=".clang-format CITATION.cff",
        is_document=True,
    ),
}
