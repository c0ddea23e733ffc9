import { t } from "../../datatypes.ts";
import type { PathProvider } from "../../detector/paths.ts";
import { StandardDetector } from "../../detector/standard-detector.ts";
import { mockBackendOf } from "../../mock-backend.ts";
import type { NdArray } from "../../nd-array.ts";
import type { SignalR, SignalRW } from "../../signal.ts";
import { contextOf, type RecordDeviceOptions } from "../record-device.ts";
import { epicsSignalR, epicsSignalRW } from "../signals.ts";
import { AdAcquireLogic, AdInternalTriggerLogic } from "./ad-logics.ts";
import { AdCam } from "./cam.ts";
import { NdFile, NdFileHdf5 } from "./plugins.ts";
import { HdfDataLogic, ImageDataLogic } from "./writers.ts";

export interface SimDetectorOptions extends RecordDeviceOptions {
  /** `cam1:` by default. */
  readonly camSuffix?: string;
  /** `HDF1:`, `TIFF1:` or `JPEG1:` by default. */
  readonly fileSuffix?: string;
  /** The pvAccess plugin's image, for `live`; `Pva1:Image` where the server has one, none by default. */
  readonly liveSuffix?: string;
  /** `hdf` by default. */
  readonly format?: "hdf" | "tiff" | "jpeg";
  /**
   * Whether the attributes that the driver's `NDAttributesFile` lists are data keys, too; `camera.attributes` sets them, by `ndAttributesXml`.
   * For HDF5 only; false by default.
   */
  readonly attributes?: boolean;
}

const SUFFIXES = { hdf: "HDF1:", tiff: "TIFF1:", jpeg: "JPEG1:" } as const;

/** areaDetector's simulation, or any driver that is triggered as it is: `new SimDetector("13SIM1:", paths, { name: "sim" })`. */
export class SimDetector extends StandardDetector {
  readonly cam: AdCam;
  readonly file: NdFile | NdFileHdf5;
  /**
   * The frames as they come, as typed arrays with their shape, for whoever subscribes: the newest ones when they come faster than they
   * are looked at. They never go into documents.
   */
  readonly live: SignalR<NdArray> | undefined;
  /** The list of the frames' attributes, as XML; only with the option `attributes`. */
  readonly attributes: SignalRW<string> | undefined;

  constructor(prefix: string, paths: PathProvider, options: SimDetectorOptions = {}) {
    const { format = "hdf", camSuffix = "cam1:" } = options;
    const common = contextOf(options);
    const cam = new AdCam(prefix + camSuffix, common);
    const suffix = prefix + (options.fileSuffix ?? SUFFIXES[format]);
    const file = format === "hdf" ? new NdFileHdf5(suffix, common) : new NdFile(suffix, common);
    const attributes =
      options.attributes === true
        ? epicsSignalRW(t.string, `${prefix}${camSuffix}NDAttributesFile`, common)
        : undefined;
    const data =
      file instanceof NdFileHdf5
        ? new HdfDataLogic(cam, file, paths, { attributes: attributes === undefined ? [] : [attributes] })
        : new ImageDataLogic(cam, file, paths, format === "jpeg" ? "jpeg" : "tiff");
    const trigger = new AdInternalTriggerLogic(cam, 0.001);
    super({ acquire: new AdAcquireLogic(cam), trigger, data: [data] }, options);
    this.cam = this.addReadable("cam", cam, "config");
    this.file = this.add("file", file);
    this.attributes = attributes === undefined ? undefined : this.add("attributes", attributes);
    const { liveSuffix } = options;
    this.live = liveSuffix === undefined ? undefined : this.add("live", liveFrames(prefix + liveSuffix, common));
  }

  protected override onMocked(): void {
    mockBackendOf(this.cam.portName).setValue("CAM");
    mockBackendOf(this.file.arrayPort).setValue("CAM");
    mockBackendOf(this.cam.detectorState).setValue("Idle");
    mockBackendOf(this.cam.colorMode).setValue("Mono");
    mockBackendOf(this.cam.dataType).setValue("UInt16");
    mockBackendOf(this.cam.arraySizeX).setValue(4);
    mockBackendOf(this.cam.arraySizeY).setValue(3);
    mockBackendOf(this.file.filePathExists).setValue(true);
    const captured = mockBackendOf(this.file.numCaptured);
    mockBackendOf(this.file.capture).onPut = (capture) => {
      if (capture) captured.setValue(0);
    };
    mockBackendOf(this.cam.acquire).onPut = async (acquire) => {
      if (!acquire) return;
      const images = await this.cam.numImages.get();
      captured.setValue((await this.file.numCaptured.get()) + images);
      return false;
    };
  }
}

/** The frames of a pvAccess plugin, the newest ones only when they come faster than they are looked at. */
export function liveFrames(pv: string, options: RecordDeviceOptions = {}): SignalR<NdArray> {
  return epicsSignalR(t.ndarray, `pva://${pv.replace("pva://", "")}`, { ...options, updates: "latest" });
}
