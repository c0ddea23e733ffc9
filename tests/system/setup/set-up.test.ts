import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

describe("the set-up", () => {
  const directory = mkdtempSync(join(tmpdir(), "cerulean-setup-"));
  const bin = join(directory, "bin");

  beforeEach(() => {
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, "node"));
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** On a machine that has Node and the commands in `bin`, and nothing else. */
  const bare = { PATH: bin, HOME: directory, XDG_CACHE_HOME: join(directory, "cache") };

  const fake = (name: string, script: string): void => {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(bin, name), 0o755);
  };

  it("takes less than 5 s when all is there", () => {
    const begun = performance.now();
    execFileSync(process.execPath, ["tools/setup.mjs"], { cwd: root, stdio: "pipe" });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it("names everything that the machine lacks, with the command that installs it, and fails", () => {
    const clone = join(directory, "clone");
    for (const path of [
      "tools",
      "package.json",
      "package-lock.json",
      "Cargo.toml",
      "Cargo.lock",
      "native",
      "tests/python",
      "tests/kafka",
    ]) {
      const skip = (file: string): boolean => !/cerulean(\.node|-ioc)$/.test(file);
      mkdirSync(dirname(join(clone, path)), { recursive: true });
      cpSync(join(root, path), join(clone, path), { recursive: true, filter: skip });
    }
    const { status, stderr } = spawnSync("node", ["tools/setup.mjs"], { cwd: clone, env: bare, encoding: "utf8" });
    expect(status).toBe(1);
    expect(stderr).toContain("sudo apt-get install -y gcc libc6-dev");
    expect(stderr).toContain("https://sh.rustup.rs");
    expect(stderr).toContain("sudo apt-get install -y python3 python3-venv");
    expect(stderr).toContain("sudo apt-get install -y maven");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  describe("which rustc it takes", () => {
    const choice = (): { args: string[]; env: Record<string, string>; advice?: string } => {
      const script = 'import("./tools/setup/toolchain.mjs").then((m) => console.log(JSON.stringify(m.toolchain())))';
      return JSON.parse(execFileSync("node", ["-e", script], { cwd: root, env: bare, encoding: "utf8" }));
    };
    const versions = (standard: string, nightly?: string): void => {
      fake("cargo", "echo cargo 1.0");
      fake("rustup", `echo stable-x86_64 '(default)'\n${nightly ? "echo nightly-x86_64" : ""}`);
      fake("rustc", `case $1 in +nightly-x86_64) echo "rustc ${nightly}";; *) echo "rustc ${standard}";; esac`);
    };

    it("is the default one when it is new enough, though a nightly is there", () => {
      versions("1.97.0 (abc 2026-07-01)", "1.99.0-nightly (def 2026-10-01)");
      expect(choice()).toMatchObject({ args: [], env: {} });
    });

    it("is an installed nightly when the default one is too old", () => {
      versions("1.95.0 (abc 2026-04-01)", "1.97.0-nightly (def 2026-05-19)");
      expect(choice()).toMatchObject({ args: ["+nightly-x86_64"], env: {} });
    });

    it("is the old default one with the one method unlocked, and says what would be better", () => {
      versions("1.95.0 (abc 2026-04-01)", "1.90.0-nightly (def 2025-07-01)");
      const { args, env, advice } = choice();
      expect(args).toEqual([]);
      expect(env).toEqual({
        RUSTC_BOOTSTRAP: "1",
        RUSTFLAGS: "-Zcrate-attr=feature(isolate_most_least_significant_one)",
      });
      expect(advice).toContain("rustup update");
    });
  });
});
