import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import {
  ChannelError,
  type Context,
  caughtPanicCount,
  getContext,
  NotConnectedError,
  shutdownAll,
} from "cerulean/epics";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CIoc } from "./support/c-ioc.ts";
import { FlightCounter, type Path } from "./support/flight-counter.ts";
import { noise } from "./support/noise.ts";
import { expectNothingLeft } from "./support/nothing-left.ts";

/** The header of an answer of almost 4 GB, a read over CA and a get over pvAccess, and nothing after it. */
const HUGE = {
  ca: Buffer.from("000fffff00060000000000010000000100000000fffffff0", "hex"),
  pva: Buffer.from("ca02c00a7ffffff0", "hex"),
};

/** Less than the shortest answer of either protocol. */
const HALF = 12;

const SPOILED: Record<string, Path> = {
  "sends noise": (bytes, pass, towards) => pass(towards === "client" ? noise(bytes.length + 4096) : bytes),
  "sends half of each answer": (bytes, pass, towards) => pass(towards === "client" ? bytes.subarray(0, HALF) : bytes),
  "sends nothing": (bytes, pass, towards) => {
    if (towards === "server") pass(bytes);
  },
};

let panics: number;
beforeEach(() => {
  panics = caughtPanicCount();
});
afterEach(async () => {
  await expectNothingLeft(panics);
});

describe.each(["ca", "pva"] as const)("over %s", (protocol) => {
  describe("a server that is sane at first", () => {
    let ioc: CIoc;
    let between: FlightCounter;
    let path: Path | undefined;

    beforeEach(async () => {
      path = undefined;
      ioc = await CIoc.start('record(longout, "h:n") { field(VAL, "3") field(PINI, "YES") }');
      between = await FlightCounter.start(ioc.ports, (bytes, pass, towards) =>
        path === undefined ? pass(bytes) : path(bytes, pass, towards),
      );
    });
    afterEach(async () => {
      await shutdownAll({ force: true });
      await between.stop();
      await ioc.stop();
    });

    it.each(Object.entries(SPOILED))("and then %s fails what is asked, under its name", async (_name, spoil) => {
      await using channel = getContext(between.context).channel(`${protocol}://h:n`);
      channel.subscribe(() => {}, { onError: () => {} });
      expect(await channel.get()).toBe(3);
      await channel.put(3);
      path = spoil;
      await Promise.all([
        expect(channel.get({ timeoutMs: 500 })).rejects.toThrow(ChannelError),
        expect(channel.put(4, { timeoutMs: 500 })).rejects.toThrow(channel.source),
      ]);
    });

    it("and then cuts its circuits in the midst of an answer is used again when it is sane", async () => {
      await using channel = getContext(between.context).channel(`${protocol}://h:n`);
      const updates: unknown[] = [];
      channel.subscribe(({ value }) => updates.push(value));
      expect(await channel.get()).toBe(3);
      path = SPOILED["sends half of each answer"];
      await expect(channel.get({ timeoutMs: 300 })).rejects.toThrow(ChannelError);
      path = undefined;
      between.cut();
      const wait = { timeout: 30_000 };
      await expect.poll(() => channel.get().then(Number, String), wait).toBe(3);
      await channel.put(5);
      expect(await channel.get()).toBe(5);
      await expect.poll(() => updates.at(-1), wait).toBe(5);
    });
  });

  describe("a name server", () => {
    let server: Server;
    let welcome: (socket: Socket) => void;
    let met: number;
    const sockets = new Set<Socket>();

    beforeEach(async () => {
      met = 0;
      server = createServer((socket) => {
        met += 1;
        sockets.add(socket.on("error", () => {}));
        welcome(socket);
      }).listen(0, "127.0.0.1");
      await once(server, "listening");
    });
    afterEach(async () => {
      for (const socket of sockets) socket.destroy();
      sockets.clear();
      server.close();
      await once(server, "close");
    });

    const contextOf = (): Context => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      const only = { addrList: [], nameServers: [`127.0.0.1:${port}`] };
      return getContext({ autoAddrList: false, ca: only, pva: only });
    };

    it.each<[string, (socket: Socket) => void]>([
      ["says nothing", () => {}],
      ["hangs up at once", (socket) => socket.destroy()],
      ["sends noise", (socket) => socket.write(noise(65_536))],
      ["sends noise to each request", (socket) => socket.on("data", () => socket.write(noise(4_096)))],
      ["sends half a header", (socket) => socket.write(HUGE[protocol].subarray(0, 5))],
      ["announces 4 GB", (socket) => socket.write(HUGE[protocol])],
    ])("that %s gives no PV, and costs neither the loop nor the memory", async (_name, greet) => {
      welcome = greet;
      const before = process.memoryUsage.rss();
      const answer = contextOf().channel(`${protocol}://h:n`).get({ timeoutMs: 600 });
      await expect(answer).rejects.toThrow(NotConnectedError);
      await expect.poll(() => met).toBeGreaterThan(0);
      expect(met).toBeLessThan(50);
      expect(process.memoryUsage.rss() - before).toBeLessThan(200e6);
    });
  });
});
