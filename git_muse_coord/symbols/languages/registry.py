"""The facts of every language. Written by scripts/generate from the tables: change them there."""

from __future__ import annotations

from git_muse_coord.symbols.languages.facts import Facts

REGISTRY: dict[str, Facts] = {
    "bash": Facts(
        extensions="sh bash zsh ksh bats",
        files=".bashrc .bash_profile .profile PKGBUILD",
        interpreters="sh bash dash ksh zsh",
        uses="others",
        last_definition_counts=True,
    ),
    "c": Facts(
        extensions="c",
        uses="others",
    ),
    "cpp": Facts(
        extensions="C cc cpp cxx c++ hpp hh hxx h++ ipp tpp inl cu cuh",
        uses="others",
        shares_names_with="c",
        has_overloads=True,
    ),
    "csharp": Facts(
        extensions="cs csx",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "go": Facts(
        extensions="go",
        uses="go",
        may_repeat="init",
    ),
    "java": Facts(
        extensions="java",
        uses="java",
        has_overloads=True,
    ),
    "javascript": Facts(
        extensions="js mjs cjs jsx es6",
        interpreters="node",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
    ),
    "json": Facts(
        extensions="json jsonc json5 webmanifest",
        files=".babelrc",
        is_document=True,
    ),
    "kotlin": Facts(
        extensions="kt kts",
        interpreters="kotlin",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "lua": Facts(
        extensions="lua",
        interpreters="lua luajit",
        uses="others",
        last_definition_counts=True,
    ),
    "markdown": Facts(
        extensions="md markdown mdown mkd mdx",
        is_document=True,
        is_prose=True,
    ),
    "php": Facts(
        extensions="php phtml php5 inc",
        interpreters="php",
        uses="others",
    ),
    "python": Facts(
        extensions="py pyi pyw",
        files="BUILD BUILD.bazel SConstruct",
        interpreters="python pypy",
        uses="python",
        last_definition_counts=True,
        signatures_are_read=True,
    ),
    "rst": Facts(
        extensions="rst",
        is_document=True,
        is_prose=True,
    ),
    "ruby": Facts(
        extensions="rb rake gemspec ru podspec",
        files="Gemfile Rakefile Guardfile Vagrantfile Podfile",
        interpreters="ruby",
        uses="others",
        last_definition_counts=True,
    ),
    "rust": Facts(
        extensions="rs",
        uses="rust",
    ),
    "scala": Facts(
        extensions="scala sc sbt",
        interpreters="scala",
        uses="others",
        has_overloads=True,
        class_head_constructs=True,
    ),
    "swift": Facts(
        extensions="swift",
        interpreters="swift",
        uses="others",
        has_overloads=True,
    ),
    "toml": Facts(
        extensions="toml",
        is_document=True,
    ),
    "tsx": Facts(
        extensions="tsx",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
        types_are_checked=True,
    ),
    "typescript": Facts(
        extensions="ts mts cts",
        interpreters="deno bun",
        uses="ecmascript",
        last_definition_counts=True,
        has_overloads=True,
        signatures_are_read=True,
        types_are_checked=True,
    ),
    "yaml": Facts(
        extensions="yaml yml",
        files=".clang-format CITATION.cff",
        is_document=True,
    ),
}
