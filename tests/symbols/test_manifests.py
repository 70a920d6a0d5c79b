"""What manifests say of imports: names of packages, subpaths, entries, paths of compilers."""

from __future__ import annotations

import json

import pytest

from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.references_codec import decode_references, encode_references

from .helpers import calls

USE = "import { f } from '{}'\nexport function g() { f() }\n"
FUNCTION = "export function f() {}\n"


def target(imported: str, importer: str, texts: dict[str, str]) -> set[str]:
    """What a function that calls what it imports leads to."""
    return {
        edge.partition(" -> ")[2]
        for edge in calls({importer: USE.replace("{}", imported), **texts})
    }


@pytest.mark.parametrize(
    ("imported", "there"),
    [
        ("#b", "src/b.js"),
        ("#u/v", "src/u/v.js"),
        ("#cond", "src/b.js"),
        ("#typed", "src/b.ts"),
        ("#lib/x.js", "src/lib/x.ts"),
    ],
)
def test_subpath_imports(imported: str, there: str) -> None:
    package = {
        "name": "s",
        "imports": {
            "#b": "./src/b.js",
            "#u/*": "./src/u/*.js",
            "#cond": {"browser": "./gone.js", "default": ["./src/b.js"]},
            "#typed": {"types": "./dist/b.d.ts", "default": "./dist/b.js"},
            "#lib/*": "./src/lib/*",
        },
    }
    texts = {"package.json": json.dumps(package), there: FUNCTION}
    assert target(imported, "src/deep/a.js", texts) == {f"{there}::f"}
    # they count below their manifest only
    nested = {"kit/package.json": json.dumps(package), f"kit/{there}": FUNCTION}
    assert target(imported, "other/a.js", nested) == set()


@pytest.mark.parametrize(
    ("options", "imported", "there"),
    [
        ({"paths": {"@app/*": ["./src/app/*"]}}, "@app/x", "src/app/x.ts"),
        ({"baseUrl": "./src"}, "kit/x", "src/kit/x.ts"),
        ({"baseUrl": "src", "paths": {"$lib/*": ["gone/*", "lib/*"]}}, "$lib/x", "src/lib/x.ts"),
        ({"paths": {"one": ["./src/one/main"]}}, "one", "src/one/main.tsx"),
        ({"paths": {"*": ["./any/*"], "@a/*": ["./src/*"]}}, "@a/x", "src/x.ts"),
        ({"paths": {"~*": ["./src/*"]}}, "~x", "src/x/index.ts"),
    ],
)
@pytest.mark.parametrize("name", ["tsconfig.json", "jsconfig.json", "tsconfig.app.json"])
def test_paths_of_compilers(
    options: dict[str, object], imported: str, there: str, name: str
) -> None:
    config = {"compilerOptions": options}
    texts = {name: json.dumps(config), there: FUNCTION}
    assert target(imported, "src/deep/a.ts", texts) == {f"{there}::f"}
    below = {f"web/{path}": text for path, text in texts.items()}
    assert target(imported, "web/src/deep/a.ts", below) == {f"web/{there}::f"}
    assert target(imported, "api/a.ts", below) == set()


def test_a_compiler_reads_comments_and_last_commas_and_what_it_extends() -> None:
    texts = {
        "config/base.json": "{}",
        "config/tsconfig.base.json": """{
            // of all of us
            "compilerOptions": { /* "baseUrl": "no", */ "paths": { "url//x": ["../lib/x.ts"], }, // last
            },
        }""",
        "web/tsconfig.json": '{"extends": ["./gone.json", "../config/tsconfig.base"], }',
        "lib/x.ts": FUNCTION,
    }
    assert target("url//x", "web/a.ts", texts) == {"lib/x.ts::f"}


@pytest.mark.parametrize(
    ("package", "imported", "there"),
    [
        ({}, "@w/kit", "kit/src/index.ts"),
        ({}, "@w/kit/more", "kit/more.ts"),
        ({"main": "./lib/start.js"}, "@w/kit", "kit/src/start.ts"),
        ({"types": "dist/start.d.ts"}, "@w/kit", "kit/src/start.ts"),
        ({"exports": "./start.mjs"}, "@w/kit", "kit/start.mjs"),
        ({"exports": {"import": "./dist/esm/start.js"}}, "@w/kit", "kit/src/start.ts"),
        ({"exports": {".": "./a.js", "./sub": "./src/b.ts"}}, "@w/kit/sub", "kit/src/b.ts"),
        ({"exports": {"./*": {"default": "./dist/*.js"}}}, "@w/kit/sub", "kit/src/sub.ts"),
    ],
)
def test_packages_of_a_workspace(package: dict[str, object], imported: str, there: str) -> None:
    manifest = json.dumps({"name": "@w/kit", **package})
    assert target(imported, "app/a.ts", {"kit/package.json": manifest, there: FUNCTION}) == {
        f"{there}::f"
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"imports": [], "name": 7}',
        '{"compilerOptions": 1, "extends": {"a": ["./x"]}}',
        '{"compilerOptions": {"paths": {"*": "../../../.."}, "baseUrl": "../.."}}',
        '{"exports": null, "main": false, "name": "x"}',
        "[" * 100_000,
        '{"name": "\\ud800", "imports": {"#*": "*/*"}}',
    ],
)
@pytest.mark.parametrize("name", ["package.json", "tsconfig.json", "go.mod", "Cargo.toml"])
def test_an_odd_manifest_says_what_can_be_read(name: str, text: str) -> None:
    file = collect(f"p/{name}", text.encode())
    restored = decode_references(file.path, encode_references(file))
    assert restored.manifest == file.manifest
    calls({f"p/{name}": text, "p/a.ts": USE.replace("{}", "#a")})
