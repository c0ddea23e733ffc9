import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "./setup/paths.mjs";
import { main, SetUpError } from "./setup.mjs";

/** Writes `api/`: the public types of each entry point as the built declarations give them. With --check, fails where one differs. */
const api = join(root, "api");
const dist = join(root, "dist");
const printer = ts.createPrinter({ removeComments: true });

const { exports, name: packageName } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const entries = Object.entries(exports)
  .filter(([, target]) => target.endsWith(".js"))
  .map(([path, target]) => ({
    specifier: packageName + path.slice(1),
    report: `${path === "." ? packageName : path.slice(2).replaceAll("/", "-")}.txt`,
    file: join(root, target.replace(/\.js$/, ".d.ts")),
  }));

const program = ts.createProgram(
  entries.map(({ file }) => file),
  {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    types: ["node"],
    strict: true,
    // The order of a union's members must not depend on what else was compiled before.
    stableTypeOrdering: true,
  },
);
const checker = program.getTypeChecker();

const reports = new Map();
/** Where each exported symbol has its full declaration, so that the other reports need only point there. */
const homes = new Map();
await main(() => {
  for (const entry of entries)
    for (const symbol of exportsOf(entry).values()) if (!homes.has(symbol)) homes.set(symbol, entry);
  for (const entry of entries) reports.set(entry.report, reportOf(entry));
  process.exitCode = process.argv.includes("--check") ? check() : write();
});

function exportsOf({ specifier, file }) {
  const source = program.getSourceFile(file);
  const module = source && checker.getSymbolAtLocation(source);
  if (module === undefined) {
    throw new SetUpError(`${specifier}: ${file} is not there or exports nothing; run npm run build`);
  }
  return new Map(checker.getExportsOfModule(module).map((symbol) => [symbol.name, resolved(symbol)]));
}

function reportOf(entry) {
  const exported = exportsOf(entry);
  const sections = [...exported].sort(byName).map(([name, symbol]) => {
    const home = homes.get(symbol);
    return home === entry ? `// ${name}\n${declarationsOf(symbol)}` : `// ${name}: as in ${home.specifier}`;
  });

  // A type that no entry point exports but that stands in a signature is public all the same.
  const seen = new Set(exported.values());
  const referenced = new Map();
  const queue = [...seen].filter((symbol) => homes.get(symbol) === entry);
  for (let symbol = queue.shift(); symbol !== undefined; symbol = queue.shift()) {
    for (const other of referencesOf(symbol)) {
      if (seen.has(other) || homes.has(other)) continue;
      seen.add(other);
      referenced.set(other.name, other);
      queue.push(other);
    }
  }
  const further = [...referenced].sort(byName).map(([, symbol]) => declarationsOf(symbol));
  const parts = [`// ${entry.specifier}`, ...sections];
  if (further.length > 0) parts.push("// exported nowhere, but part of a signature", ...further);
  return `${parts.join("\n\n")}\n`;
}

function declarationsOf(symbol) {
  return statementsOf(symbol)
    .map((statement) => printer.printNode(ts.EmitHint.Unspecified, statement, statement.getSourceFile()))
    .join("\n");
}

function referencesOf(symbol) {
  const found = new Set();
  const visit = (node) => {
    // What only derived classes see is printed with its class and not followed.
    if (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ProtectedKeyword))
      return;
    if (ts.isIdentifier(node)) {
      const target = checker.getSymbolAtLocation(node);
      const other = target && resolved(target);
      if (other && isTopLevelOfOurs(other)) found.add(other);
    }
    ts.forEachChild(node, visit);
  };
  for (const statement of statementsOf(symbol)) visit(statement);
  return found;
}

function isTopLevelOfOurs(symbol) {
  return (
    statementsOf(symbol).some((statement) => ts.isSourceFile(statement.parent)) &&
    !(symbol.flags & ts.SymbolFlags.Module)
  );
}

function statementsOf(symbol) {
  const statements = (symbol.declarations ?? [])
    .map((declaration) => (ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration))
    .filter((statement) => statement.getSourceFile().fileName.startsWith(dist) && !ts.isSourceFile(statement));
  return [...new Set(statements)];
}

function resolved(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function byName([a], [b]) {
  return a < b ? -1 : a > b ? 1 : 0;
}

function write() {
  rmSync(api, { recursive: true, force: true });
  mkdirSync(api);
  for (const [file, text] of reports) writeFileSync(join(api, file), text);
  return 0;
}

function check() {
  const kept = existsSync(api) ? readdirSync(api) : [];
  const stale = [
    ...kept.filter((file) => !reports.has(file)),
    ...[...reports]
      .filter(([file, text]) => !kept.includes(file) || readFileSync(join(api, file), "utf8") !== text)
      .map(([file]) => file),
  ];
  for (const file of stale) console.error(firstDifference(file));
  if (stale.length > 0)
    console.error('The public types changed: look at the difference, then run "npm run api" and commit api/');
  return stale.length > 0 ? 1 : 0;
}

function firstDifference(file) {
  const wanted = (reports.get(file) ?? "").split("\n");
  const there = existsSync(join(api, file)) ? readFileSync(join(api, file), "utf8").split("\n") : [];
  const line = wanted.findIndex((text, index) => text !== there[index]);
  const at = line < 0 ? wanted.length : line;
  return `api/${file}:${at + 1}\n  - ${there[at] ?? "(nothing)"}\n  + ${wanted[at] ?? "(nothing)"}`;
}
