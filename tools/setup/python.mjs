import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { output, run } from "./command.mjs";
import { contentHash } from "./hash.mjs";
import { withLock } from "./lock.mjs";
import { cacheDir } from "./paths.mjs";

const REQUIREMENTS = "tests/python/requirements.txt";
const DATABROKER_1 = "tests/python/databroker-1.txt";
const CANDIDATES = ["python3.11", "python3.12", "python3"];

/** A Python that the pinned packages have wheels for, or null. */
export function findPython() {
  for (const command of CANDIDATES) {
    const version = output(command, ["-c", "import sys; print('%d.%d.%d' % sys.version_info[:3])"])?.trim();
    if (version !== undefined && /^3\.1[12]\./.test(version)) return { command, version };
  }
  return null;
}

/** The virtual environment with the Python IOCs and the reference readers that the tests need, shared by all clones. */
export function python() {
  return virtualEnvironment("Python environment", REQUIREMENTS, "the tests compare with Python's EPICS and bluesky");
}

/** Another one, for the long tests. */
export function databroker1() {
  return virtualEnvironment("databroker 1", DATABROKER_1, "the long tests read what is stored with it too");
}

function virtualEnvironment(name, requirements, why) {
  const found = findPython();
  if (found === null) return { name, why: "Python is not there", lacks: lacksPython() };
  const home = environment(found, requirements);
  const complete = join(home, "complete");
  if (existsSync(complete)) return { why: null, lacks: [] };
  return {
    name,
    why: `${why}, which goes into ${home}`,
    lacks: lacksPython(),
    run: (detail) =>
      withLock(`${home}.lock`, async () => {
        if (existsSync(complete)) return;
        rmSync(home, { recursive: true, force: true });
        await run(found.command, ["-m", "venv", home]);
        await run(
          join(home, "bin/python"),
          ["-m", "pip", "install", "--no-deps", "--no-compile", "--progress-bar", "off", "-r", requirements],
          {
            env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" },
            onLine: (line) => detail(line.trim().slice(0, 80)),
          },
        );
        writeFileSync(complete, "");
      }),
  };
}

/** The interpreter of the environment, which the tests find in CERULEAN_PYTHON; undefined until the set-up has made it. */
export function environmentPython() {
  return interpreterWith(REQUIREMENTS);
}

/** The interpreter that has databroker 1; undefined until the set-up for the long tests has made it. */
export function databroker1Python() {
  return interpreterWith(DATABROKER_1);
}

function interpreterWith(requirements) {
  const found = findPython();
  const interpreter = found && join(environment(found, requirements), "bin/python");
  return interpreter && existsSync(interpreter) ? interpreter : undefined;
}

function environment(found, requirements) {
  return join(cacheDir, "python", contentHash([requirements], found.version));
}

/** Python and its venv module, as far as they are missing. */
export function lacksPython() {
  const found = findPython();
  if (found === null) return [{ what: "Python 3.11", install: "sudo apt-get install -y python3 python3-venv" }];
  if (output(found.command, ["-c", "import venv, ensurepip"]) !== null) return [];
  return [{ what: "Python's venv module", install: "sudo apt-get install -y python3-venv" }];
}
