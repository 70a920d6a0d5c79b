// What the TypeScript compiler says of every call in a tree, one JSON a line: for scripts/eval_graph.
// compiler.mjs FOLDER-OF-TYPESCRIPT ROOT FILE... ; a place is [path, line, name].
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";

const [, , home, root] = process.argv;
const files = readFileSync(0, "utf8").split("\n").filter(Boolean);
const ts = createRequire(join(home, "x.js"))("typescript");

const config = ts.findConfigFile(root, ts.sys.fileExists);
const read = config && !relative(root, config).startsWith("..") ? ts.readConfigFile(config, ts.sys.readFile) : {};
const written = ts.parseJsonConfigFileContent(read.config ?? {}, ts.sys, root).options;
const program = ts.createProgram(
  files.map((file) => join(root, file)),
  {
    ...written,
    allowJs: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    jsx: ts.JsxEmit.Preserve,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  },
);
const checker = program.getTypeChecker();
const known = new Set(files);

function lineOf(source, position) {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

function nameOf(callee) {
  if (ts.isPropertyAccessExpression(callee)) return callee.name;
  return ts.isIdentifier(callee) ? callee : undefined;
}

function targetsOf(name) {
  let symbol = checker.getSymbolAtLocation(name);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const places = [];
  for (const declaration of symbol?.declarations ?? []) {
    const source = declaration.getSourceFile();
    const path = relative(root, source.fileName);
    const declared = declaration.name ?? declaration;
    if (known.has(path)) places.push([path, lineOf(source, declared.getStart(source)), symbol.name]);
  }
  return { isKnown: Boolean(symbol?.declarations?.length), places };
}

for (const file of files) {
  const source = program.getSourceFile(join(root, file));
  if (!source) continue;
  const visit = (node) => {
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const name = nameOf(node.expression);
      const said = name ? targetsOf(name) : { isKnown: false, places: [] };
      const line = lineOf(source, (name ?? node).getStart(source));
      console.log(JSON.stringify({ file, line, name: name?.text ?? "", ...said }));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}
