import * as bps from "../../../../src/plans/stubs/index.ts";
import { m } from "../bench.ts";
import type { Entry } from "../entry.ts";

/** Reading into events, streams and configuration. */
export const BUNDLES: readonly Entry[] = [
  {
    name: "create, read and save make an event and answer with readings",
    python: `
      yield from bps.open_run()
      note((yield from bps.create("primary")))
      note((yield from bps.read(m1)))
      note((yield from bps.read(det)))
      note((yield from bps.save()))
      yield from bps.close_run()
    `,
    *plan({ note, m1, det }) {
      yield* bps.openRun();
      note(yield* bps.create("primary"));
      note(yield* bps.read(m1));
      note(yield* bps.read(det));
      note(yield* bps.save());
      yield* bps.closeRun();
    },
  },
  {
    name: "create takes the stream as an argument too",
    python: `
      yield from bps.open_run()
      yield Msg("create", None, "other")
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      yield m("create", null, ["other"]);
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "create inside create is refused, and the bundle is kept",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      try:
          yield from bps.create("other")
      except Exception as error:
          note(error)
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      try {
        yield* bps.create("other");
      } catch (error) {
        note(error);
      }
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "a bundle in which nothing was read makes no document",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan() {
      yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "drop forgets what was read and uses no number",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.read(det)
      note((yield from bps.drop()))
      for _ in range(2):
          yield from bps.create("primary")
          yield from bps.read(det)
          yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.read(det);
      note(yield* bps.drop());
      for (let i = 0; i < 2; i++) {
        yield* bps.create("primary");
        yield* bps.read(det);
        yield* bps.save();
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "read answers without a run and without a bundle",
    python: `
      note((yield from bps.read(det)))
      yield from bps.open_run()
      note((yield from bps.read(m1)))
      yield from bps.close_run()
    `,
    *plan({ note, det, m1 }) {
      note(yield* bps.read(det));
      yield* bps.openRun();
      note(yield* bps.read(m1));
      yield* bps.closeRun();
    },
  },
  {
    name: "a device that reads nothing at all fails the plan",
    python: "bps.trigger_and_read([det])",
    plan: ({ det }) => bps.triggerAndRead([det]),
    faults: { "det.read": { how: "none" } },
  },
  {
    name: "two devices with one key are refused in one event",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.read(det)
      try:
          yield from bps.read(twin)
      except Exception as error:
          note(error)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det, twin }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.read(det);
      try {
        yield* bps.read(twin);
      } catch (error) {
        note(error);
      }
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "other devices than those that a stream began with are refused",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.create("primary")
      yield from bps.read(det2)
      try:
          yield from bps.save()
      except Exception as error:
          note(error)
      yield from bps.create("primary")
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det, det2 }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.create("primary");
      yield* bps.read(det2);
      try {
        yield* bps.save();
      } catch (error) {
        note(error);
      }
      yield* bps.create("primary");
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "declare_stream describes a stream before its first event",
    python: `
      yield from bps.open_run()
      descriptor, _, objs = yield from bps.declare_stream(det, m1, name="primary")
      note(descriptor["name"], sorted(o.name for o in objs))
      yield from bps.create("primary")
      yield from bps.read(m1)
      yield from bps.read(det)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, det, m1 }) {
      yield* bps.openRun();
      const [descriptor, , objs] = (yield* bps.declareStream(det, m1, { name: "primary" })) as any;
      note(descriptor.name, objs.map(({ name }: { name: string }) => name).sort());
      yield* bps.create("primary");
      yield* bps.read(m1);
      yield* bps.read(det);
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "a stream that was declared and never filled counts no events",
    python: `
      yield from bps.open_run()
      yield from bps.declare_stream(det, name="empty")
      yield from bps.close_run()
    `,
    *plan({ det }) {
      yield* bps.openRun();
      yield* bps.declareStream(det, { name: "empty" });
      yield* bps.closeRun();
    },
  },
  {
    name: "declare_stream without a name is refused",
    python: `
      yield from bps.open_run()
      try:
          yield Msg("declare_stream", None, det)
      except Exception as error:
          note(error)
      yield from bps.close_run()
    `,
    *plan({ note, det }) {
      yield* bps.openRun();
      try {
        yield m("declare_stream", null, [det]);
      } catch (error) {
        note(error);
      }
      yield* bps.closeRun();
    },
  },
  {
    name: "configure answers with old and new, and describes the device's streams anew",
    python: `
      yield from bps.open_run()
      for exposure in (2, 3):
          for stream in ("primary", "other"):
              yield from bps.create(stream)
              yield from bps.read(conf)
              yield from bps.save()
          note((yield from bps.configure(conf, exposure)))
      yield from bps.create("primary")
      yield from bps.read(conf)
      yield from bps.save()
      yield from bps.close_run()
    `,
    *plan({ note, conf }) {
      yield* bps.openRun();
      for (const exposure of [2, 3]) {
        for (const stream of ["primary", "other"]) {
          yield* bps.create(stream);
          yield* bps.read(conf);
          yield* bps.save();
        }
        note(yield* bps.configure(conf, exposure));
      }
      yield* bps.create("primary");
      yield* bps.read(conf);
      yield* bps.save();
      yield* bps.closeRun();
    },
  },
  {
    name: "configure needs no run",
    python: "bps.configure(conf, 2)",
    plan: ({ conf }) => bps.configure(conf, 2),
  },
  {
    name: "configure between create and save is refused",
    python: `
      yield from bps.open_run()
      yield from bps.create("primary")
      try:
          yield from bps.configure(conf, 2)
      except Exception as error:
          note(error)
      yield from bps.drop()
      yield from bps.close_run()
    `,
    *plan({ note, conf }) {
      yield* bps.openRun();
      yield* bps.create("primary");
      try {
        yield* bps.configure(conf, 2);
      } catch (error) {
        note(error);
      }
      yield* bps.drop();
      yield* bps.closeRun();
    },
  },
  {
    name: "a device is asked once in a run what it is",
    python: `
      for _ in range(2):
          yield from bps.open_run()
          for _ in range(3):
              yield from bps.trigger_and_read([det])
          yield from bps.close_run()
      note(det.asked)
    `,
    *plan({ note, det }) {
      for (let run = 0; run < 2; run++) {
        yield* bps.openRun();
        for (let n = 0; n < 3; n++) yield* bps.triggerAndRead([det]);
        yield* bps.closeRun();
      }
      note(det.asked);
    },
  },
];
