import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { output, run } from "./command.mjs";
import { contentHash } from "./hash.mjs";
import { withLock } from "./lock.mjs";
import { cacheDir, root, stateDir } from "./paths.mjs";
import { say } from "./progress.mjs";
import { toolchain } from "./toolchain.mjs";

const SOURCES = ["Cargo.toml", "Cargo.lock", "native/Cargo.toml", "native/build.rs", "native/src", "native/ioc"];
const BINARIES = [
  { built: "libcerulean_native.so", installed: "native/cerulean.node" },
  { built: "cerulean-ioc", installed: "native/cerulean-ioc" },
];
const stamp = join(stateDir, "native");

/** The addon and the mini-beamline IOC, built in one cargo call so that they share every crate. */
export function native() {
  const source = contentHash(SOURCES, process.arch, output("ldd", ["--version"])?.split("\n")[0] ?? "");
  const installed = BINARIES.every(({ installed }) => existsSync(join(root, installed)));
  if (installed && existsSync(stamp) && readFileSync(stamp, "utf8") === source) return { why: null, lacks: [] };

  const finished = join(cacheDir, "native", source);
  if (BINARIES.every(({ built }) => existsSync(join(finished, built)))) {
    return {
      name: "native binaries",
      why: "an earlier set-up built these very sources",
      lacks: [],
      run: () => install(finished, source),
    };
  }
  const rust = toolchain();
  return {
    name: "cargo build",
    why: installed ? "the Rust sources changed" : "the EPICS addon and the mini-beamline IOC are not built yet",
    lacks: [...lacksLinker(), ...(rust === null ? [lacksRust()] : [])],
    run: (detail) => build(rust, source, finished, detail),
  };
}

function lacksRust() {
  if (output("rustup", ["--version"]) !== null) return { what: "a Rust toolchain", install: "rustup default stable" };
  return { what: "Rust (cargo)", install: "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y" };
}

function lacksLinker() {
  const linked = output("cc", ["-x", "c", "-", "-o", "/dev/null"], { input: "int main(void) { return 0; }\n" });
  return linked === null
    ? [{ what: "a C compiler and linker (cc)", install: "sudo apt-get install -y gcc libc6-dev" }]
    : [];
}

async function build(rust, source, finished, detail) {
  if (rust.advice) say(rust.advice);
  // The outputs of two clones have the same names in a shared target directory, and cargo believes the newest: hence the owner mark.
  const target = join(
    cacheDir,
    "target",
    contentHash(["Cargo.lock"], rust.version, JSON.stringify(rust.env.RUSTFLAGS ?? "")),
  );
  const owner = join(target, "cerulean-owner");
  const crates = readFileSync(join(root, "Cargo.lock"), "utf8").match(/^\[\[package\]\]/gm)?.length ?? 0;
  const env = { ...rust.env, CARGO_TARGET_DIR: target, CARGO_TERM_COLOR: "never" };
  await withLock(`${target}.lock`, async () => {
    const mine = `${root} ${source}`;
    if (existsSync(owner) && readFileSync(owner, "utf8") !== mine) {
      await run(rust.cargo, [...rust.args, "clean", "--release", "-p", "cerulean-native", "-p", "cerulean-ioc"], {
        env,
      });
    }
    mkdirSync(target, { recursive: true });
    writeFileSync(owner, mine);
    let compiled = 0;
    await run(rust.cargo, [...rust.args, "build", "--release", "--workspace", "--locked"], {
      env,
      onLine: (line) => {
        const crate = /^\s*Compiling (\S+)/.exec(line)?.[1];
        if (crate) detail(`crate ${++compiled} of about ${crates}: ${crate}`);
        else if (/^\s*Download/.test(line)) detail(line.trim());
      },
    });
    for (const { built } of BINARIES) replace(join(target, "release", built), join(finished, built));
  });
  install(finished, source);
}

function install(finished, source) {
  for (const { built, installed } of BINARIES) replace(join(finished, built), join(root, installed));
  mkdirSync(stateDir, { recursive: true });
  writeFileSync(stamp, source);
}

/** By rename, so that a process that has the old file mapped keeps it whole. */
function replace(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}`;
  rmSync(partial, { force: true });
  copyFileSync(from, partial);
  chmodSync(partial, 0o755);
  renameSync(partial, to);
}
