"""Elements of containers whose type is written down: what loops, indexes and members of them give."""

from __future__ import annotations

import pytest

from .helpers import calls

PYTHON = """
class A:
    def run(self): pass
class B:
    def run(self): pass
    def __iter__(self) -> "Iterator[A]": ...
    def __getitem__(self, key): return A()
"""
TYPESCRIPT = "class A { run() {} }\nclass B { run() {} as: A[] }\n"
GO = "package m\ntype A struct{}\nfunc (a *A) Run() {}\ntype B struct{}\nfunc (b *B) Run() {}\n"
JAVA = "class A { void run() {} }\nclass B { void run() {} List<A> as; }\n"
RUST = "struct A;\nimpl A { fn run(&self) {} }\nstruct B { list: Vec<A> }\nimpl B { fn run(&self) {} }\n"

CASES = {
    "python": [
        ("xs: list[A]", "for x in xs: x.run()"),
        ("xs: List['A']", "for x in sorted(xs): x.run()"),
        ("xs: 't.Sequence[A]'", "xs[0].run()"),
        ("xs: list[A] | None", "xs[1:][0].run()"),
        ("xs: list[list[A]]", "xs[0][1].run()"),
        ("m: dict[str, A]", 'm["k"].run()'),
        ("m: Mapping[str, A]", "for k, v in m.items(): v.run()"),
        ("m: dict[A, B]", "for k in m: k.run()"),
        ("m: dict[A, B]", "for k, v in m.items(): k.run()"),
        ("m: dict[str, list[A]]", "for x in m['k']: x.run()"),
        ("m: dict[str, A]", "m.get('k').run()"),
        ("m: dict[str, A]", "for v in m.values(): v.run()"),
        ("xs: tuple[A, ...]", "[x.run() for x in xs]"),
        ("xs: Iterable[A]", "for i, x in enumerate(xs): x.run()"),
        ("xs: Iterable[A], ys: set[str]", "for y, x in zip(ys, xs): x.run()"),
        ("*xs: A", "for x in xs: x.run()"),
        ("**xs: A", "for v in xs.values(): v.run()"),
        ("xs: list[A]", "x = xs.pop(); x.run()"),
        ("x: Optional[A]", "x.run()"),
        ("x: A | None", "x.run()"),
        ("b: B", "for x in b: x.run()"),
        ("b: B", "b[0].run()"),
        ("c: type[A]", "c().run()"),
    ],
    "typescript": [
        ("xs: A[]", "for (const x of xs) x.run()"),
        ("xs: readonly A[]", "xs[0].run()"),
        ("xs: Array<A> | undefined", "xs?.[0]?.run()"),
        ("xs: (A | null)[]", "xs[0]!.run()"),
        ("m: Map<string, A>", "for (const [k, v] of m) v.run()"),
        ("m: Map<string, A>", "for (const [k, v] of m.entries()) v.run()"),
        ("m: Map<string, A>", "for (const v of m.values()) v.run()"),
        ("m: Map<string, A[]>", "m.get('k')![0].run()"),
        ("m: Record<string, A>", "m['k'].run()"),
        ("m: { [key: string]: A }", "m.k; m['k'].run()"),
        ("m: Record<string, A>", "for (const [k, v] of Object.entries(m)) v.run()"),
        ("m: Record<string, A>", "for (const v of Object.values(m)) v.run()"),
        ("xs: Set<A>", "xs.forEach(x => x.run())"),
        ("xs: A[]", "xs.filter(Boolean).map((x, i) => { x.run() })"),
        ("xs: A[]", "xs.find(x => true)?.run()"),
        ("...xs: A[]", "xs[0].run()"),
        ("xs: Promise<A[]>", "(await xs)[0].run()"),
        ("{ as }: B", "for (const x of as) x.run()"),
        ("b: B", "const { as } = b; as[0].run()"),
    ],
    "go": [
        ("xs []*A", "for _, x := range xs { x.Run() }"),
        ("xs []A", "xs[0].Run()"),
        ("xs [4]A", "xs[1:][0].Run()"),
        ("xs ...A", "for _, x := range xs { x.Run() }"),
        ("m map[string]*A", "for _, v := range m { v.Run() }"),
        ("m map[string]A", 'm["k"].Run()'),
        ("m map[string]A", 'if v, ok := m["k"]; ok { v.Run() }'),
        ("m map[A]*B", "for k := range m { k.Run() }"),
        ("m map[string][]A", 'm["k"][0].Run()'),
        ("", "xs := []*A{}; for _, x := range xs { x.Run() }"),
        ("", "xs := make([]A, 3); xs[0].Run()"),
        ("xs []A", "xs = append(xs, 1); ys := append(xs, 2); ys[0].Run()"),
    ],
    "java": [
        ("List<A> xs", "for (var x : xs) x.run();"),
        ("java.util.List<? extends A> xs", "xs.get(0).run();"),
        ("A[] xs", "xs[0].run();"),
        ("A xs[]", "xs[0].run();"),
        ("A... xs", "for (var x : xs) { x.run(); }"),
        ("Map<String, A> m", 'm.get("k").run();'),
        ("Map<String, List<A>> m", 'm.get("k").get(0).run();'),
        ("Map<String, A> m", "for (var v : m.values()) v.run();"),
        ("Map<A, B> m", "for (var k : m.keySet()) k.run();"),
        ("Map<String, A> m", "for (var e : m.entrySet()) e.getValue().run();"),
        ("Map.Entry<A, B> e", "e.getKey().run();"),
        ("List<A> xs", "xs.stream().filter(x -> true).forEach(x -> x.run());"),
        ("Optional<A> x", "x.get().run();"),
        ("B b", "b.as.get(0).run();"),
        ("Object o", "if (o instanceof A a) a.run();"),
    ],
    "rust": [
        ("xs: &[A]", "for x in xs { x.run(); }"),
        ("xs: Vec<A>", "for x in xs.iter() { x.run(); }"),
        ("xs: &mut Vec<Box<A>>", "for x in &mut xs { x.run(); }"),
        ("xs: [A; 4]", "xs[0].run();"),
        ("xs: Vec<A>", "xs[1..][0].run();"),
        ("m: HashMap<String, A>", "for (k, v) in &m { v.run(); }"),
        ("m: HashMap<A, B>", "for (k, v) in m.iter() { k.run(); }"),
        ("m: HashMap<String, A>", "for v in m.values() { v.run(); }"),
        ("m: HashMap<String, A>", 'if let Some(v) = m.get("k") { v.run(); }'),
        ("m: HashMap<String, A>", 'm.get("k").unwrap().run();'),
        ("xs: Vec<A>", "for (i, x) in xs.iter().enumerate() { x.run(); }"),
        ("mut xs: Vec<A>", "while let Some(x) = xs.pop() { x.run(); }"),
        ("b: B", "b.list[0].run();"),
        ("x: Option<A>", "let Some(y) = x else { return }; y.run();"),
    ],
}
FRAMES = {
    "python": ("a.py", PYTHON, "def f({}):\n    {}\n", "A.run"),
    "typescript": ("a.ts", TYPESCRIPT, "function f({}) {{ {} }}\n", "A.run"),
    "go": ("a.go", GO, "func f({}) {{ {} }}\n", "A.Run"),
    "java": ("C.java", JAVA, "class C {{ void f({}) {{ {} }} }}\n", "A.run"),
    "rust": ("a.rs", RUST, "fn f({}) {{ {} }}\n", "A.run"),
}


@pytest.mark.parametrize(
    ("language", "parameters", "body"),
    [(language, *case) for language, cases in CASES.items() for case in cases],
)
def test_an_element_has_the_type_that_is_written(language: str, parameters: str, body: str) -> None:
    path, classes, frame, run = FRAMES[language]
    found = calls({path: classes + frame.format(parameters, body)})
    of_f = {edge for edge in found if edge.startswith((f"{path}::f ", f"{path}::C.f "))}
    met = {edge.partition(f"-> {path}::")[2] for edge in of_f}
    assert run in met
    assert run.replace("A", "B") not in met


@pytest.mark.parametrize(
    ("language", "parameters", "body"),
    [
        ("python", "xs: list[A]", "xs.run()"),
        ("python", "m: dict[str, A]", "for k in m: k.run"),
        ("python", "xs: list[str]", "xs[0].run()"),
        ("typescript", "xs: A[]", "xs.run()"),
        ("go", "xs []A", "xs.Run()"),
        ("java", "List<String> xs", "xs.get(0).run();"),
        ("rust", "xs: Vec<String>", "for x in xs { x.run(); }"),
    ],
)
def test_a_container_is_not_what_it_holds(language: str, parameters: str, body: str) -> None:
    path, classes, frame, _ = FRAMES[language]
    found = calls({path: classes + frame.format(parameters, body)})
    assert not {edge for edge in found if edge.startswith((f"{path}::f ", f"{path}::C.f "))}


@pytest.mark.parametrize("other", ["It", "Other"])
def test_an_iterator_that_gives_itself_comes_to_an_end(other: str) -> None:
    text = f'class It:\n    def __iter__(self) -> "{other}": ...\n    def go(self): ...\n'
    text += "class Other:\n    def __iter__(self) -> It: ...\n"
    text += "def f(its: It):\n    its.go()\n    for one in its: one.go()\n    its[0].go()\n"

    assert "a.py::f -> a.py::It.go" in calls({"a.py": text})


def test_a_class_of_the_tree_may_be_called_like_a_container() -> None:
    text = "class List<T> { A run() { return null; } }\nclass A { void go() {} }\n"
    text += "class C { void f(List<A> xs) { xs.run(); xs.get(0).go(); } }\n"
    assert calls({"C.java": text}) == {
        "C.java::C.f -> C.java::List.run",
        "C.java::C.f -> C.java::A.go",
    }


def test_a_class_that_is_made_is_what_its_methods_are_called_on() -> None:
    found = calls(
        {
            "p/R.java": "package p;\npublic class R {\n  String url() { return null; }\n"
            "  public static class Builder { Builder url(String u) { return this; } R make() { return null; } }\n}\n",
            "p/T.java": "package p;\nclass T { void t() { "
            'R r = new R.Builder().url("x").make(); new R().url(); } }\n',
        }
    )
    assert found == {
        "p/T.java::T.t -> p/R.java::R.Builder",
        "p/T.java::T.t -> p/R.java::R.Builder.url",
        "p/T.java::T.t -> p/R.java::R.Builder.make",
        "p/T.java::T.t -> p/R.java::R",
        "p/T.java::T.t -> p/R.java::R.url",
    }
