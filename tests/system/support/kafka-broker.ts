import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../../../src/cli/child.ts";
import { freePort } from "../../../src/cli/free-port.ts";
import { KAFKA, WireProxy } from "./wire-proxy.ts";

const setUp = new URL("../../../tools/setup/kafka.mjs", import.meta.url);
const READY_MS = 240_000;
/** Starts quicker, and needs no more speed than that. */
const JVM = ["-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"];

/** A Kafka broker of one node on loopback with a folder of its own, which ends with the test run. */
export class KafkaBroker {
  readonly address: string;
  /** Another way to it, on which requests can be struck. */
  readonly proxy: WireProxy;
  readonly #folder: string;
  readonly #jars: string;
  #child: Child | undefined;

  private constructor(address: string, proxy: WireProxy, folder: string, jars: string) {
    this.address = address;
    this.proxy = proxy;
    this.#folder = folder;
    this.#jars = jars;
  }

  /** `settings` go into its server.properties. */
  static async start(settings: Readonly<Record<string, string | number>> = {}): Promise<KafkaBroker> {
    const [port, controller, behind] = [await freePort(), await freePort(), await freePort()];
    const proxy = await WireProxy.start(behind, KAFKA);
    const folder = mkdtempSync(join(tmpdir(), "cerulean-kafka-"));
    mkdirSync(join(folder, "data"));
    const address = `127.0.0.1:${port}`;
    const properties = {
      "process.roles": "broker,controller",
      "node.id": 1,
      "controller.quorum.voters": `1@127.0.0.1:${controller}`,
      listeners: `PLAINTEXT://${address},PROXIED://127.0.0.1:${behind},CONTROLLER://127.0.0.1:${controller}`,
      "advertised.listeners": `PLAINTEXT://${address},PROXIED://127.0.0.1:${proxy.port}`,
      "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT,CONTROLLER:PLAINTEXT",
      "controller.listener.names": "CONTROLLER",
      "inter.broker.listener.name": "PLAINTEXT",
      "log.dirs": join(folder, "data"),
      "num.partitions": 3,
      "offsets.topic.num.partitions": 1,
      "offsets.topic.replication.factor": 1,
      "group.initial.rebalance.delay.ms": 0,
      // So that tests needn't wait long for what a dead reader had.
      "group.min.session.timeout.ms": 1_000,
      ...settings,
    };
    const text = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(join(folder, "server.properties"), text.join(""));
    writeFileSync(join(folder, "log4j2.properties"), LOGGING);
    const { kafkaHome } = await import(setUp.href);
    const broker = new KafkaBroker(address, proxy, folder, kafkaHome());
    const format = broker.#java(
      "kafka.tools.StorageTool",
      "format",
      "-t",
      "AAAAAAAAAAAAAAAAAAAAAQ",
      "-c",
      "server.properties",
    );
    if ((await format.exited) !== 0) throw new Error(`Kafka's storage could not be made:\n${format.log}`);
    await broker.restart();
    return broker;
  }

  /** As a power cut would end it; the data folder stays. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    process.kill(-child.pid, "SIGKILL");
    await child.exited;
  }

  /** Starts it on its data again. */
  async restart(): Promise<void> {
    this.#child = this.#java("kafka.Kafka", "server.properties");
    await this.#child.line((line) => line.includes("Kafka Server started") || undefined, READY_MS);
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
    await this.proxy.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #java(main: string, ...args: string[]): Child {
    const logging = "-Dlog4j2.configurationFile=log4j2.properties";
    return new Child("kafka", "java", [...JVM, logging, "-cp", join(this.#jars, "*"), main, ...args], {
      cwd: this.#folder,
    });
  }
}

const LOGGING = `rootLogger.level = info
rootLogger.appenderRef.out.ref = out
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = %m%n
`;
