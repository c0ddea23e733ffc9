import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { contentHash } from "./setup/hash.mjs";
import { root } from "./setup/paths.mjs";
import { toolchain } from "./setup/toolchain.mjs";
import { main, SetUpError } from "./setup.mjs";

/** Writes THIRD_PARTY_LICENSES: each crate that is linked into the addon and the IOC, with its licence. With --check, only compares. */
const INPUTS = ["Cargo.lock", "Cargo.toml", "native/Cargo.toml", "native/ioc/Cargo.toml", "tools/licences.mjs"];
const FILE = join(root, "THIRD_PARTY_LICENSES");
const TARGET = "x86_64-unknown-linux-gnu";
const TEXT = /^(licen[cs]e|copying|copyright|notice|unlicense|third.?party)/i;
const RULE = "=".repeat(80);

const mark = `Made from Cargo.lock by tools/licences.mjs (${contentHash(INPUTS)})`;

await main(() => {
  if (!process.argv.includes("--check")) return writeFileSync(FILE, report());
  const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  if (!text.includes(mark))
    throw new SetUpError("THIRD_PARTY_LICENSES is not of this Cargo.lock: run npm run licences");
});

function report() {
  const crates = linkedCrates();
  const owners = new Map();
  const bare = [];
  for (const crate of crates) {
    const texts = licenceTexts(crate);
    if (texts.length === 0) bare.push(crate);
    for (const text of texts) owners.set(text, [...(owners.get(text) ?? []), crate]);
  }
  const missing = bare.filter(({ license }) => !license);
  if (missing.length > 0) throw new SetUpError(`no licence is known of ${missing.map(title).join(", ")}`);
  const sections = [...owners].map(([text, of]) => `${RULE}\n${of.map(title).join("\n")}\n${RULE}\n\n${text}`);
  return [
    `The addon (native/cerulean.node) and the mini-beamline (native/cerulean-ioc) contain the crates below and the Rust
standard library (MIT OR Apache-2.0). Each licence text stands under the crates that it came with. The crates of
epics-rs are under the EPICS Open License, whose notice follows with them.

${mark}`,
    crates.map((crate) => `  ${title(crate)}: ${crate.license ?? "see its text"}`).join("\n"),
    bare.length === 0
      ? ""
      : `Without a text of their own, under the licences named above: ${bare.map(title).join(", ")}.`,
    ...sections,
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** The normal dependencies of the workspace, without what only runs at compile time. */
function linkedCrates() {
  const rust = toolchain();
  if (rust === null) throw new SetUpError("cargo is not there: https://rustup.rs installs it");
  const args = [...rust.args, "metadata", "--format-version=1", "--locked", `--filter-platform=${TARGET}`];
  const json = execFileSync(rust.cargo, args, {
    cwd: root,
    env: { ...process.env, ...rust.env },
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { packages, resolve, workspace_members: members } = JSON.parse(json);
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const byId = new Map(packages.map((crate) => [crate.id, crate]));
  const seen = new Set(members);
  for (const id of seen) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id).deps) {
      const macro = byId.get(pkg).targets.some(({ kind }) => kind.includes("proc-macro"));
      if (!macro && kinds.some(({ kind }) => kind === null)) seen.add(pkg);
    }
  }
  return [...seen]
    .filter((id) => !members.includes(id))
    .map((id) => byId.get(id))
    .sort((a, b) => (title(a) < title(b) ? -1 : 1));
}

function licenceTexts({ manifest_path: manifest, license_file: named }) {
  const directory = dirname(manifest);
  const names = readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isFile() && (TEXT.test(entry.name) || entry.name === named))
    .map((entry) => entry.name)
    .sort();
  return names.map((name) => readFileSync(join(directory, name), "utf8").replaceAll("\r\n", "\n").trim());
}

function title({ name, version }) {
  return `${name} ${version}`;
}
