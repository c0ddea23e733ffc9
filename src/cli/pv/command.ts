import { type Command, InvalidArgumentError, Option } from "commander";
import type { EventMask } from "./monitor.ts";
import type { Entered } from "./put.ts";
import type { ReportOptions } from "./report.ts";

const NONSENSE = 2;
const EXIT_CODES = `
Exit code: 0 all well; 1 a PV was not found, did not answer in time or refused; 2 the arguments make no sense, nothing was done.`;

/** The options as the command line has them; what was not given is absent. */
interface Shown {
  readonly json?: boolean;
  readonly terse?: boolean;
  readonly all?: boolean;
  readonly numeric?: boolean;
  readonly longString?: boolean;
  readonly elements?: number;
  readonly exponential?: number;
  readonly fixed?: number;
  readonly general?: number;
  readonly separator: string;
  readonly timeout: number;
}

interface PviShown {
  readonly out?: string;
  readonly class?: string;
  readonly timeout: number;
}

interface PutShown {
  readonly wait: boolean;
  readonly array?: boolean;
}

/** Adds `cerulean get`, `put`, `monitor`, `info` and `pvi` to the command. */
export function addPvCommands(program: Command): void {
  shown(program.command("get"))
    .description("read PVs: ca://NAME, pva://NAME, or a bare name for Channel Access")
    .argument("<pvs...>")
    .option("-a, --all", "time stamp and alarm too")
    .action((pvs: string[], options: Shown) =>
      ending(async () => {
        const { get } = await import("./get.ts");
        return get(pvs, reported(options));
      }),
    );

  shown(program.command("put"))
    .description(
      "write a PV and wait until it has processed: PV VALUE, PV VALUES... for an array, or PV=VALUE PV=VALUE... for several",
    )
    .argument("<pv>")
    .argument("[values...]")
    .option("--no-wait", "do not wait until the record has processed")
    .option("-c, --wait", "wait until it has; the default, for who is used to caput")
    .option("-a, --array", "of the values, the first is their number, as with caput")
    .action((first: string, rest: string[], options: Shown & PutShown, command: Command) => {
      const { wait, array: counted = false } = options;
      const entered = enteredOf(first, rest, counted, command);
      return ending(async () => {
        const { put } = await import("./put.ts");
        return put(entered, { ...reported(options), wait, counted });
      });
    });

  shown(program.command("monitor"))
    .description("tell each update of PVs, with time stamp and alarm, until Ctrl-C")
    .argument("<pvs...>")
    .addOption(
      new Option("-m, --mask <events>", "of v(alue), a(larm), l(og), p(roperty), over Channel Access")
        .default(["value", "alarm"], "va")
        .argParser(mask),
    )
    .addOption(new Option("--count <n>", "end after so many updates").argParser(whole(1)))
    .action((pvs: string[], options: Shown & { mask: EventMask; count?: number }) =>
      ending(async () => {
        const { monitor } = await import("./monitor.ts");
        const { mask, count = Number.POSITIVE_INFINITY } = options;
        return monitor(pvs, { ...reported(options), wide: true, mask, count });
      }),
    );

  common(program.command("info"))
    .description("tell what PVs are: type, server, access, units, limits, choices, structure")
    .argument("<pvs...>")
    .action((pvs: string[], { json = false, timeout }: Shown) =>
      ending(async () => {
        const { info } = await import("./info.ts");
        return info(pvs, { json, timeoutMs: timeout });
      }),
    );

  waiting(program.command("pvi"))
    .description("write the TypeScript classes of a device that tells of itself by PVI, from the PV <prefix>PVI on")
    .argument("<prefix>")
    .option("-o, --out <file>", "where to write them; standard output by default")
    .addOption(new Option("--class <name>", "of the device itself; after its prefix by default").argParser(identifier))
    .action((prefix: string, { out, class: className, timeout }: PviShown) =>
      ending(async () => {
        const { writePvi } = await import("../pvi/write.ts");
        const options = { ...(out === undefined ? {} : { out }), ...(className === undefined ? {} : { className }) };
        return writePvi(prefix, { ...options, timeoutMs: timeout });
      }),
    );
}

function common(command: Command): Command {
  return waiting(command).option("--json", "an object in JSON on a line for each PV, or update");
}

function waiting(command: Command): Command {
  return command
    .addOption(
      new Option("-w, --timeout <seconds>", "how long to wait for an answer").default(3000, "3").argParser(seconds),
    )
    .addHelpText("after", EXIT_CODES)
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : NONSENSE));
}

function shown(command: Command): Command {
  return common(command)
    .option("-t, --terse", "the value alone")
    .option("-n, --numeric", "enums by their index")
    .option("-S, --long-string", "arrays of bytes as text")
    .addOption(new Option("-#, --elements <n>", "no more elements of an array than these").argParser(whole(0)))
    .addOption(new Option("-e, --exponential <digits>", "floats as 1.50e+0").argParser(whole(0)))
    .addOption(new Option("-f, --fixed <digits>", "floats as 1.50").argParser(whole(0)).conflicts("exponential"))
    .addOption(
      new Option("-g, --general <digits>", "floats with so many digits at most; as many as they have by default")
        .argParser(whole(1))
        .conflicts(["exponential", "fixed"]),
    )
    .option("-F, --separator <text>", "between the elements of an array", " ");
}

function reported(options: Shown): ReportOptions & { readonly timeoutMs: number } {
  const { json = false, terse = false, all: wide = false, numeric = false, longString = false } = options;
  const { separator, elements, timeout: timeoutMs } = options;
  const digits = digitsOf(options);
  return {
    ...{ json, terse, wide, numeric, longString, separator, timeoutMs },
    ...(elements === undefined ? {} : { elements }),
    ...(digits === undefined ? {} : { digits }),
  };
}

function digitsOf({ exponential, fixed, general }: Shown): ReportOptions["digits"] {
  if (exponential !== undefined) return { format: "e", count: exponential };
  if (fixed !== undefined) return { format: "f", count: fixed };
  return general === undefined ? undefined : { format: "g", count: general };
}

/** `PV VALUE...`, or `PV=VALUE` for each of several. */
function enteredOf(first: string, rest: readonly string[], counted: boolean, command: Command): Entered {
  if (!first.includes("=")) {
    if (rest.length === 0) command.error(`error: put what to ${first}? Give a value after it`);
    return new Map([[first, rest]]);
  }
  if (counted) command.error("error: -a is for one PV and its values");
  return new Map(
    [first, ...rest].map((pair) => {
      const at = pair.indexOf("=");
      if (at < 1) command.error(`error: ${pair} is not PV=VALUE, as ${first} is`);
      return [pair.slice(0, at), [pair.slice(at + 1)]];
    }),
  );
}

/** The EPICS clients end with the command, also when it fails. */
async function ending(act: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await act();
  } finally {
    const { shutdownAll } = await import("../../devices/epics/index.ts");
    await shutdownAll({ force: true });
  }
}

function seconds(text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new InvalidArgumentError("It takes seconds, more than 0.");
  return number * 1000;
}

function identifier(text: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(text)) throw new InvalidArgumentError("It takes the name of a class.");
  return text;
}

function whole(least: number): (text: string) => number {
  return (text) => {
    if (!/^\d+$/.test(text) || Number(text) < least)
      throw new InvalidArgumentError(`It takes a whole number from ${least} on.`);
    return Number(text);
  };
}

const EVENTS = { v: "value", a: "alarm", l: "log", p: "property" } as const;

function mask(letters: string): EventMask {
  const events = [...letters].map((letter) => EVENTS[letter as keyof typeof EVENTS]);
  if (events.length === 0 || events.includes(undefined as never))
    throw new InvalidArgumentError("It takes letters of v, a, l and p.");
  return events;
}
