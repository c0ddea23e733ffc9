import type { DataKey, PartialEvent, PartialEventPage } from "../../../../src/devices/protocols.ts";
import type { Status } from "../../../../src/devices/status.ts";
import { Detector, Device, NUMBER, type Numbers, TIMESTAMP } from "./devices.ts";

export class Flyer extends Device {
  prepare(value: unknown): Status {
    return this.act("prepare", value);
  }

  kickoff(): Status {
    return this.act("kickoff");
  }

  complete(): Status {
    return this.act("complete");
  }
}

/** Names its two streams itself and hands out events. */
export class EventFlyer extends Flyer {
  describeCollect(): Record<string, Record<string, DataKey>> {
    return { a: { x: NUMBER }, b: { y: NUMBER } };
  }

  *collect(): Generator<PartialEvent> {
    this.call("collect");
    for (const n of [0, 1, 2]) {
      const key = n === 1 ? "y" : "x";
      yield { data: { [key]: n }, timestamps: { [key]: TIMESTAMP + n }, time: TIMESTAMP + n };
    }
  }
}

/** Hands out two pages for one stream. */
export class PageFlyer extends Flyer {
  describeCollect(): Record<string, DataKey> {
    return { u: NUMBER, v: NUMBER };
  }

  *collectPages(): Generator<PartialEventPage> {
    this.call("collect_pages");
    for (const first of [0, 2]) {
      const rows = [first, first + 1];
      const time = rows.map((row) => TIMESTAMP + row);
      yield { data: { u: rows, v: rows.map((row) => row * row) }, timestamps: { u: time, v: time }, time };
    }
  }
}

/** Has one key in both of its streams. */
export class Twins extends Flyer {
  describeCollect(): Record<string, Record<string, DataKey>> {
    return { a: { x: NUMBER }, b: { x: NUMBER } };
  }

  collect(): PartialEvent[] {
    return [];
  }
}

interface Asset {
  name: string;
  doc: object;
}

const streamResource = (name: string): Asset => ({
  name: "stream_resource",
  doc: {
    uid: `${name}-file`,
    data_key: name,
    mimetype: "application/x-hdf5",
    uri: `file://localhost/data/${name}.h5`,
    parameters: { dataset: "/entry" },
  },
});

const streamDatum = (name: string, start: number, stop: number): Asset => ({
  name: "stream_datum",
  doc: {
    uid: `${name}-file/${start}`,
    stream_resource: `${name}-file`,
    descriptor: "",
    indices: { start, stop },
    seq_nums: { start: 0, stop: 0 },
  },
});

const STREAM: DataKey = { source: "kit", dtype: "array", shape: [1, 2, 2], dtype_numpy: "<u2", external: "STREAM:" };

/** Writes a file while it flies; `written` frames are there. */
export class FileWriter extends Flyer {
  written = 0;
  #told = 0;
  #isOpen = false;

  describeCollect(): Record<string, DataKey> {
    return { [this.name]: STREAM };
  }

  getIndex(): number {
    this.call("get_index");
    return this.written;
  }

  *collectAssetDocs(index?: number): Generator<Asset> {
    this.call("collect_asset_docs", index);
    if (!this.#isOpen) {
      this.#isOpen = true;
      yield streamResource(this.name);
    }
    const stop = index ?? this.written;
    if (stop <= this.#told) return;
    yield streamDatum(this.name, this.#told, stop);
    this.#told = stop;
  }
}

/** Reads nothing itself: each reading is one more frame of its file. */
export class Frames extends Detector {
  width = 1;
  #frames = 0;

  override read(): Numbers {
    this.call("read");
    return {};
  }

  override describe(): Record<string, DataKey> {
    this.asked++;
    return { [this.name]: STREAM };
  }

  *collectAssetDocs(index?: number): Generator<Asset> {
    this.call("collect_asset_docs", index);
    if (this.#frames === 0) yield streamResource(this.name);
    yield streamDatum(this.name, this.#frames, this.#frames + this.width);
    this.#frames += this.width;
  }
}

/** Its value is the name of a datum in a file of its own. */
export class Camera extends Detector {
  #shots = 0;

  override read(): Numbers {
    this.call("read");
    this.#shots++;
    return { [this.name]: { value: `camera-file/${this.#shots}`, timestamp: TIMESTAMP } };
  }

  override describe(): Record<string, DataKey> {
    this.asked++;
    return { [this.name]: { source: "kit", dtype: "array", shape: [2, 2], external: "FILESTORE:" } };
  }

  *collectAssetDocs(): Generator<Asset> {
    this.call("collect_asset_docs");
    if (this.#shots === 1) {
      const doc = { uid: "camera-file", spec: "AD_TIFF", root: "/data", resource_path: "camera" };
      yield { name: "resource", doc: { ...doc, resource_kwargs: {}, path_semantics: "posix" } };
    }
    const doc = {
      datum_id: `camera-file/${this.#shots}`,
      resource: "camera-file",
      datum_kwargs: { shot: this.#shots },
    };
    yield { name: "datum", doc };
  }
}
