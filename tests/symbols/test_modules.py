"""Names of modules that no compiler would take."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from git_muse_coord.symbols.manifests import Manifest
from git_muse_coord.symbols.modules import Modules

ODD = (
    "",
    "/",
    "//",
    "/abs/x",
    "a//b",
    "a/",
    ".",
    "..",
    "../../..",
    "...",
    "@",
    "@/",
    "~/",
    "::",
    "super::super::super",
)
PATHS = {
    "python": "p/a.py",
    "ecmascript": "p/a.ts",
    "go": "p/a.go",
    "java": "p/a.java",
    "rust": "p/src/a.rs",
}

MANIFESTS = {"p/go.mod": Manifest("mod"), "p/package.json": Manifest("@scope/x")}


@pytest.fixture(autouse=True)
def in_time() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(10)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize(("way", "importer"), PATHS.items())
def test_an_odd_name_is_looked_up_in_finite_time(way: str, importer: str, name: str) -> None:
    modules = Modules(PATHS.values(), MANIFESTS)
    found = modules.find(way, name, importer)
    assert found in ("", *PATHS.values()) or found.rstrip("/") + "/" in modules.directories


@pytest.mark.slow
def test_many_packages_of_java_are_looked_up_in_bounded_time() -> None:
    paths = [f"m{at % 40}/src/main/java/org/x/p{at}/C.java" for at in range(3_000)]
    modules = Modules(paths, {})
    for importer in paths:
        for at in range(0, 3_000, 200):
            assert (
                modules.find("java", f"org.x.p{at}", importer)
                == f"m{at % 40}/src/main/java/org/x/p{at}/"
            )
