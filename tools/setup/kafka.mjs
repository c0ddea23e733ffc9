import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { output, run } from "./command.mjs";
import { contentHash } from "./hash.mjs";
import { withLock } from "./lock.mjs";
import { cacheDir, root } from "./paths.mjs";

const POM = "tests/kafka/pom.xml";
const CHECKSUMS = "tests/kafka/checksums.txt";
const COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies";
const JAVA = 17;

/** The jars of a Kafka broker, shared by all clones; Maven fetches them from Maven Central. */
export function kafka() {
  const home = kafkaHome();
  if (existsSync(home)) return { why: null, lacks: [] };
  return {
    name: "Kafka",
    why: `the tests publish to a real broker, which goes into ${home}`,
    lacks: [...lacksJava(), ...lacksMaven()],
    run: () =>
      withLock(`${home}.lock`, async () => {
        if (existsSync(home)) return;
        const work = mkdtempSync(`${home}-`);
        try {
          await run("mvn", [
            "--batch-mode",
            "--quiet",
            "--strict-checksums",
            "-f",
            POM,
            COPY,
            `-DoutputDirectory=${work}`,
          ]);
          check(work);
          renameSync(work, home);
        } finally {
          rmSync(work, { recursive: true, force: true });
        }
      }),
  };
}

/** Where the jars are, once they are there. */
export function kafkaHome() {
  return join(cacheDir, `kafka-${contentHash([POM, CHECKSUMS], "")}`);
}

function check(folder) {
  const wanted = new Map(
    readFileSync(join(root, CHECKSUMS), "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/\s+/).reverse()),
  );
  const found = readdirSync(folder);
  const wrong = found.filter((name) => {
    const sum = createHash("sha256")
      .update(readFileSync(join(folder, name)))
      .digest("hex");
    return wanted.get(name) !== sum;
  });
  const absent = [...wanted.keys()].filter((name) => !found.includes(name));
  if (wrong.length === 0 && absent.length === 0) return;
  throw new Error(`Maven brought other files than ${CHECKSUMS} has: ${[...wrong, ...absent].join(", ")}`);
}

function lacksJava() {
  // It tells its version on standard error, and its properties too.
  const version = output("sh", ["-c", "java -version 2>&1"])?.match(/version "(\d+)/)?.[1];
  if (Number(version) >= JAVA) return [];
  return [{ what: `Java ${JAVA} or newer`, install: "sudo apt-get install -y default-jre-headless" }];
}

function lacksMaven() {
  return output("mvn", ["--version"]) === null ? [{ what: "Maven", install: "sudo apt-get install -y maven" }] : [];
}
