import { RunEngine } from "cerulean";
import { AutoIncrementFilenameProvider, initDevices, YMDPathProvider } from "cerulean/devices";
import { scan } from "cerulean/plans";
import { BlobDetector, SynAxis } from "cerulean/sim";

// Into <folder>/<year>/<month>/<day>/image_00000.h5 and so on. A SimDetector takes the same path provider.
const paths = new YMDPathProvider(
  new AutoIncrementFilenameProvider({ base: "image" }),
  process.argv[2] ?? process.cwd(),
);
const x = new SynAxis({ name: "x", velocity: 20, acceleration: 100 });
const { camera } = await initDevices({
  camera: new BlobDetector(paths, { x: () => x.position, y: () => 1 }, { width: 64, height: 48 }),
});

const engine = new RunEngine({ handleSignals: true });
let frames = 0;
engine.subscribe(({ name, doc }) => {
  if (name === "stream_resource") console.log(`${doc.data_key} is written to ${doc.uri}`);
  if (name === "stream_datum") frames = Math.max(frames, doc.indices.stop);
});
await engine.run(scan([camera], x, -2, 2, 5));
console.log(`${frames} frames are announced`);
