import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, parse as parsePath } from "node:path";
import { pathToFileURL } from "node:url";
import type ts from "typescript";
import { cacheDir } from "../cache.ts";
import { packageFile } from "../package-file.ts";
import { unusedPlans } from "./unused-plans.ts";

/** What was read for a check that found nothing wrong, by path, with a hash of each. */
interface Passed {
  readonly config: string | undefined;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Checks a file's types, with the tsconfig.json that it lies under or else as a strict ES module. Resolves to what is wrong, or to
 * undefined. What has passed is not checked again until one of all the files that were read has changed.
 */
export async function checkTypes(path: string): Promise<string | undefined> {
  const { main, version } = findCompiler(path);
  const config = findConfig(dirname(path));
  const record = join(cacheDir(), "types", `${hash(`${path}\n${main}\n${version}`)}.json`);
  if (isUnchanged(record, config)) return undefined;
  const { default: compiler } = (await import(pathToFileURL(main).href)) as { default: typeof ts };
  const { options, configs, errors } = optionsOf(compiler, path, config);
  const program = compiler.createProgram([path], options);
  const diagnostics = [...errors, ...compiler.getPreEmitDiagnostics(program)];
  const unused = unusedPlans(compiler, program);
  if (diagnostics.length > 0 || unused.length > 0) return [format(compiler, diagnostics), ...unused].join("\n").trim();
  const read = [...configs, ...program.getSourceFiles().map(({ fileName }) => fileName)];
  remember(record, { config, files: Object.fromEntries(read.map((file) => [file, hashOf(file) ?? ""])) });
  return undefined;
}

interface CompilerPlace {
  readonly main: string;
  readonly version: string;
}

/** The compiler of the plan's own project where it can be called from a program, which TypeScript 7 can't; else the one that comes with us. */
function findCompiler(path: string): CompilerPlace {
  for (const from of [path, packageFile("package.json")]) {
    try {
      const { resolve } = createRequire(pathToFileURL(from));
      const { version } = JSON.parse(readFileSync(resolve("typescript/package.json"), "utf8")) as { version: string };
      if (Number.parseInt(version, 10) < WITHOUT_API) return { main: resolve("typescript"), version };
    } catch {
      // The next place has one.
    }
  }
  throw new Error(
    "no TypeScript was found that could check the plan: npm install typescript@6, or run with --no-check",
  );
}

const WITHOUT_API = 7;

function findConfig(folder: string): string | undefined {
  const config = join(folder, "tsconfig.json");
  if (existsSync(config)) return config;
  return folder === parsePath(folder).root ? undefined : findConfig(dirname(folder));
}

function optionsOf(
  compiler: typeof ts,
  path: string,
  config: string | undefined,
): { options: ts.CompilerOptions; configs: readonly string[]; errors: readonly ts.Diagnostic[] } {
  const always: ts.CompilerOptions = {
    noEmit: true,
    composite: false,
    incremental: false,
    declaration: false,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
  };
  if (config === undefined) return { options: { ...defaults(compiler, path), ...always }, configs: [], errors: [] };
  const source = compiler.readJsonConfigFile(config, compiler.sys.readFile);
  const parsed = compiler.parseJsonSourceFileConfigFileContent(source, compiler.sys, dirname(config), always, config);
  // Which files the project has otherwise doesn't matter here.
  const errors = parsed.errors.filter(({ code }) => code !== NO_INPUTS);
  return { options: parsed.options, configs: [config, ...(source.extendedSourceFiles ?? [])], errors };
}

const NO_INPUTS = 18003;

function defaults(compiler: typeof ts, path: string): ts.CompilerOptions {
  return {
    strict: true,
    target: compiler.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: compiler.ModuleKind.ESNext,
    moduleResolution: compiler.ModuleResolutionKind.Bundler,
    moduleDetection: compiler.ModuleDetectionKind.Force,
    types: ["node"],
    typeRoots: [nodeTypes(path)],
  };
}

/** The folder with the types of Node that the plan's project has, or else those that come with us. */
function nodeTypes(path: string): string {
  for (const from of [path, packageFile("package.json")]) {
    try {
      return dirname(dirname(createRequire(pathToFileURL(from)).resolve("@types/node/package.json")));
    } catch {
      // The next place has them.
    }
  }
  throw new Error("the types of Node are not installed: npm install @types/node, or run with --no-check");
}

function format(compiler: typeof ts, diagnostics: readonly ts.Diagnostic[]): string {
  const host: ts.FormatDiagnosticsHost = {
    getCanonicalFileName: (name) => name,
    getCurrentDirectory: () => process.cwd(),
    getNewLine: () => "\n",
  };
  const sorted = compiler.sortAndDeduplicateDiagnostics(diagnostics);
  return process.stderr.isTTY
    ? compiler.formatDiagnosticsWithColorAndContext(sorted, host)
    : compiler.formatDiagnostics(sorted, host);
}

function isUnchanged(record: string, config: string | undefined): boolean {
  let passed: Passed;
  try {
    passed = JSON.parse(readFileSync(record, "utf8")) as Passed;
  } catch {
    return false;
  }
  if (passed.config !== config) return false;
  return Object.entries(passed.files).every(([file, known]) => hashOf(file) === known);
}

function remember(record: string, passed: Passed): void {
  mkdirSync(dirname(record), { recursive: true });
  const unborn = `${record}.${process.pid}`;
  writeFileSync(unborn, JSON.stringify(passed));
  renameSync(unborn, record);
}

function hashOf(file: string): string | undefined {
  try {
    return hash(readFileSync(file));
  } catch {
    return undefined;
  }
}

function hash(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
