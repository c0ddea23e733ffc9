import type * as H5 from "h5wasm/node";

/** One data set of an HDF5 file that grows by a frame at a time. */
export class HdfWriter {
  readonly #file: H5.File;
  readonly #sets: ReadonlyMap<string, H5.Dataset>;
  #frames = 0;

  private constructor(file: H5.File, sets: ReadonlyMap<string, H5.Dataset>) {
    this.#file = file;
    this.#sets = sets;
  }

  /** Makes the file with its data sets, by their paths; each holds frames of its shape. */
  static async create(
    path: string,
    datasets: Readonly<Record<string, { readonly shape: readonly number[]; readonly dtype: string }>>,
  ): Promise<HdfWriter> {
    // Loaded by whoever writes only: it is a megabyte of WebAssembly.
    const h5wasm = await import("h5wasm/node");
    await h5wasm.ready;
    const file = new h5wasm.File(path, "w");
    const sets = new Map<string, H5.Dataset>();
    for (const [name, { shape, dtype }] of Object.entries(datasets)) {
      const parent = name.slice(1, name.lastIndexOf("/"));
      makeGroups(file, parent);
      file.create_dataset({
        name,
        data: new Float64Array(0),
        shape: [0, ...shape],
        maxshape: [null, ...shape],
        chunks: [1, ...shape],
        dtype,
      });
      sets.set(name, file.get(name) as H5.Dataset);
    }
    return new HdfWriter(file, sets);
  }

  /** Appends one frame to each data set. */
  append(frames: Readonly<Record<string, ArrayLike<number> & object>>): void {
    const at = this.#frames++;
    for (const [name, set] of this.#sets) {
      const shape = set.shape as number[];
      set.resize([this.#frames, ...shape.slice(1)]);
      set.write_slice(
        [[at, at + 1], ...shape.slice(1).map((size): [number, number] => [0, size])],
        frames[name] as never,
      );
    }
  }

  flush(): void {
    this.#file.flush();
  }

  close(): void {
    this.#file.close();
  }
}

function makeGroups(file: H5.File, path: string): void {
  let made = "";
  for (const part of path.split("/")) {
    made += `/${part}`;
    if (file.get(made) === null) file.create_group(made);
  }
}
