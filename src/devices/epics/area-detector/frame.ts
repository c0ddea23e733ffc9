import type { AdCam } from "./cam.ts";

const DTYPES: Readonly<Record<string, string>> = {
  Int8: "|i1",
  UInt8: "|u1",
  Int16: "<i2",
  UInt16: "<u2",
  Int32: "<i4",
  UInt32: "<u4",
  Int64: "<i8",
  UInt64: "<u8",
  Float32: "<f4",
  Float64: "<f8",
};

export interface FrameShape {
  readonly shape: readonly number[];
  readonly dtypeNumpy: string;
}

/** The shape of one frame, slowest first, and its type. Rejects for colour modes and types that no reader would get right. */
export async function frameShape(cam: AdCam): Promise<FrameShape> {
  const fresh = { cached: false };
  const [x, y, z, colour, type] = await Promise.all([
    cam.arraySizeX.get(fresh),
    cam.arraySizeY.get(fresh),
    cam.arraySizeZ.get(fresh),
    cam.colorMode.get(fresh),
    cam.dataType.get(fresh),
  ]);
  const dtypeNumpy = DTYPES[type];
  if (dtypeNumpy === undefined) throw new TypeError(`${cam.name}: the data type ${JSON.stringify(type)} is not known`);
  // In RGB1 the colour is the fastest dimension of the array: x is 3, y the width, z the height.
  if (colour === "RGB1") return { shape: [3, z, y], dtypeNumpy };
  if (colour !== "Mono")
    throw new TypeError(`${cam.name}: the colour mode ${colour} is not supported; set Mono or RGB1`);
  return { shape: [z, y, x].filter((size) => size > 0), dtypeNumpy };
}
