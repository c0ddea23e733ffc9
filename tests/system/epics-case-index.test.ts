import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const SIGNALS = "signals.test.ts";
const VALUES = "epics-values.test.ts";
const CASES = "epics-cases.test.ts";
const CONNECTION = "epics-connection.test.ts";
const TABLE = "epics-table/table.test.ts";
const NETWORK = "epics-bad-network.test.ts";
const OUTAGES = "epics-outages.test.ts";
const NAMES = "epics-names.test.ts";
const STRUCTURES = "epics-structures.test.ts";
const MOTOR = "motor.test.ts";
const FAKE_MOTOR = "motor-caproto.test.ts";
const FAULTS = "motor-faults.test.ts";
const PLUGINS = "area-detector.test.ts";
const DETECTOR = "../unit/devices/detector/standard-detector.test.ts";
const AREA_DETECTOR = "../unit/devices/epics/area-detector.test.ts";
const BEHAVIOUR = "../suites/signal-backend.ts";

/** Where each case that a client of EPICS gets wrong easily is shown to be right: a file and the title of a test. */
const INDEX: Readonly<Record<string, readonly (readonly [file: string, title: string])[]>> = {
  "all limits of a record": [[CASES, "has all the limits that it sets in its description"]],
  "no warning limits": [[CASES, "has no warning limits where it sets none"]],
  "no drive limits": [[CASES, "is controlled within its display limits where it sets no others"]],
  "whole numbers by precision": [[SIGNALS, "refuses %o on %s when it connects"]],
  "waveforms at their real length, one element as an array": [
    [VALUES, "gets, puts and monitors $type waveforms at their real length"],
    [CASES, "has an array of one element as an array, in a get, a monitor and its description"],
  ],
  "long strings, and short ones that are not cut": [
    [VALUES, "reads and writes a long string as its characters"],
    [TABLE, "of text that its record would cut is an error over %s"],
  ],
  "switches as booleans": [[TABLE, "of type $type over $protocol, $shape, is the same for an independent client"]],
  "strict, subset and superset labels": [[SIGNALS, "refuses %o on %s when it connects"]],
  "labels as text, an unknown one refused": [
    [SIGNALS, "names the labels when one is set that there is not, and leaves the record alone"],
    [VALUES, "puts a label by its index, and refuses an unknown one without touching the record"],
  ],
  "tables, shorter ones and such without a row": [
    [STRUCTURES, "is put and got without a row, and monitored as it fills"],
    [STRUCTURES, "describes its columns as numpy names them"],
  ],
  "tables whose type is inferred, and bytes that are booleans": [
    [STRUCTURES, "is inferred where no type is given, with all its columns"],
    [STRUCTURES, "t.table over pvAccess"],
  ],
  "frames in their shape, monitored, never written, never decompressed": [
    [STRUCTURES, "is monitored through changes of shape, type and compression"],
    [STRUCTURES, "that is compressed is refused, and the error names codec and PV"],
    [STRUCTURES, "comes in groups that are a table or a frame"],
  ],
  "filters and fields in names": [
    [NAMES, "with a deadband filter is told of what leaves the deadband, by the server"],
    [NAMES, "with an array filter has the elements that it names, got and monitored"],
    [NAMES, "of a setpoint, %s, has its readback at %s"],
  ],
  "64-bit integers exactly": [[VALUES, "carries 64-bit integers exactly over pvAccess"]],
  "a put waits for completion": [
    [NAMES, "is waited for at the values that a predicate says, and not at others"],
    [VALUES, "waits until the record has processed, unless told otherwise"],
    [SIGNALS, "waits for what a put started, unless it is told not to"],
  ],
  "a put that takes too long": [
    [CASES, "that takes longer than it may leaves a put unknown after that time, under the name of its PV"],
  ],
  "a missing PV in a tree of devices, a missing PV to write": [
    [CASES, "that is not there is named in the tree of a device, whose other signals are usable"],
  ],
  "two protocols in one signal": [
    ["../unit/devices/epics/epics-backend.test.ts", "refuses two PVs of differing protocols when it is made"],
  ],
  "a deadline with a slow body": [[CASES, "at 10 Hz is observed twice by a body of 0.3 s with a deadline of 0.4 s"]],
  "a slow subscriber, all and latest": [
    [CASES, "at 10 Hz gives all in order to a subscriber who is busy half of the time"],
    [CONNECTION, "keep only the newest where that was asked for, and drop nothing by their own account"],
  ],
  "an IOC that dies and comes back": [
    [CONNECTION, "tells its end within 2 s of the IOC's, and resumes monitors by itself when it is back"],
    [SIGNALS, "is told by events and readings over %s, and taken up again without a connect"],
    [NETWORK, "never writes a label by its old index"],
    [OUTAGES, "amid a %s over %s is told, taken up by itself and never mistaken"],
  ],
  "a get from a server that is gone, in the signal's own time": [
    [NETWORK, "fails the get by its PV and leaves the put unknown, never repeated"],
    [SIGNALS, "is told by events and readings over %s, and taken up again without a connect"],
  ],
  "no stale read after a put": [[SIGNALS, "never reads a stale value from its monitor after an awaited set"]],
  "200 PVs, one missing": [[SIGNALS, "connects 200 of them at once, and names only the one that is missing"]],
  "access denied, before the time-out": [
    [CONNECTION, "refuses a put over %s with an error of its own, at once"],
    [CONNECTION, "tells when the rights change, without a reconnection"],
  ],
  "a move that is done on its target, with its progress": [
    [MOTOR, "is done when it is at rest on its target, and tells its progress"],
    [FAKE_MOTOR, "is done only when it has arrived"],
  ],
  "stopped by oneself, stopped or redirected by somebody else": [
    [FAKE_MOTOR, "stands when its move has failed because of a stop"],
    [FAULTS, "fails a move that somebody else stops or redirects, and says where it is"],
    [MOTOR, "fails when somebody else stops or redirects it"],
    [FAULTS, "never ends beyond half a second of travel, fifty times"],
    [MOTOR, "never moves the motor further than half a second of travel"],
  ],
  "limits, no limits, and the way back into them": [
    [FAULTS, "is held to its user limits unless its dial limits are 0 and 0, and may come back into them"],
    [MOTOR, "has no limits when its dial limits are 0 and 0, and may come back into its limits from beyond"],
  ],
  "limit violation, problems, switches and SPMG": [
    [FAULTS, "fails a move with what the record says: %s"],
    [FAULTS, "fails a move whose target is beyond a limit that is changed on the way"],
    ["motor-on-command.test.ts", "fails the move with what is wrong: %s"],
    [FAULTS, "refuses to move while SPMG is Stop or Pause"],
    [FAULTS, "waits for Go where it is told to, unless it is stopped meanwhile"],
  ],
  "a sweep with its run-up, and VELO put back": [
    [FAULTS, "sweeps at its speed with a run-up, and has its own speed again afterwards"],
    [MOTOR, "sweeps at its speed with a run-up, and has its own speed again afterwards"],
  ],
  "a detector that counts and flies into files": [
    [PLUGINS, "count and fly what they were prepared for, not one event more, and refuse a path that is not there"],
    [PLUGINS, "write colours as their reader finds them"],
    ["camera.test.ts", "writes exactly the frames that its documents announce, as h5py reads them"],
    ["camera-flight.test.ts", "flies in batches into one file, which holds what is announced"],
    [DETECTOR, "flies the batches that it was prepared for and not one more"],
    [AREA_DETECTOR, "refuses a path that its server can't write to, and frames that no reader would get right"],
  ],
  "settings stored, scrambled and loaded, only what differs": [
    ["settings-exchange.test.ts", "theirs are loaded and applied by ours, only where they differ"],
    ["settings-exchange.test.ts", "ours are loaded and applied by theirs"],
    ["settings-exchange.test.ts", "tables, too: theirs by ours and ours by theirs, and only where they differ"],
  ],
  "descriptions without what means nothing": [[CASES, "describes text without units, precision and limits"]],
  "descriptions that are JSON": [
    [BEHAVIOUR, "describes itself by the same key, with a source and the form of its values"],
  ],
  "bulk readings alike over both protocols": [
    [
      "epics-bulk.test.ts",
      "reads values that changed after connection, with their time stamps, of both protocols in one call",
    ],
  ],
  "devices made and dropped, flat": [
    ["epics-lifecycle.test.ts", "are made, used and dropped again and again without a thread, a file or memory more"],
  ],
  "two devices on one prefix, one of them disposed of": [
    ["epics-lifecycle.test.ts", "share their channels: one goes on when another on the same PVs is disposed of"],
  ],
  "no thread for each monitored PV": [["epics-lifecycle.test.ts", "need no thread for each PV that they monitor"]],
  "an exit with live monitors": [["epics-process.test.ts", "ends by itself with a live monitor, which holds nothing"]],
  "worker threads on one connection": [
    ["epics-process.test.ts", "serves several threads from one connection, each its own answers"],
  ],
};

describe("what clients of EPICS get wrong easily", () => {
  it.each(Object.entries(INDEX))("has a test: %s", (_what, tests) => {
    for (const [file, title] of tests) {
      expect(readFileSync(new URL(file, import.meta.url), "utf8"), `${file} has no "${title}"`).toContain(title);
    }
  });

  it("is never skipped, for whatever reason", () => {
    const tests = new URL("../", import.meta.url);
    const skipping = readdirSync(tests, { recursive: true, encoding: "utf8" }).filter(
      (file) =>
        /\.(ts|py)$/.test(file) &&
        /\b(?:it|test|describe)\.(?:skip|todo|only|runIf)|\bpytest\.(?:mark\.)?(?:skip|xfail)|\b(?:ctx|context)\.skip\(/.test(
          readFileSync(new URL(file, tests), "utf8"),
        ),
    );
    expect(skipping).toEqual([]);
  });
});
