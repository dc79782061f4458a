/** Points and pictures: fetched in a ring around the present, decoded away from the page, kept under a budget. */

import { isCameraCapture, isLidarCapture, type Scene } from "../core/scene";
import { type ReadonlySignal, type Signal, signal } from "../core/signals";
import type { CameraCapture, Capture, LidarCapture, Manifest, SensorKey } from "../core/types";
import { BudgetCache } from "./cache";
import type { DecodeRequest, PointCloud } from "./points";
import { type Download, DownloadQueue } from "./queue";

export type Quality = "preview" | "full";

/** A decoded picture; in the browser an ImageBitmap. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  close(): void;
}

export interface ShownPicture<P extends Picture> {
  readonly picture: P;
  readonly quality: Quality;
}

/** The answer was 403: the link is too old. */
export class LinkExpired extends Error {
  override readonly name = "LinkExpired";
}

export interface AssetParts<P extends Picture> {
  readonly scene: Scene;
  /** Throws LinkExpired, or whatever the network says. */
  readonly fetchBytes: (url: string, signal: AbortSignal) => Promise<ArrayBuffer>;
  readonly decode: (request: DecodeRequest) => Promise<PointCloud>;
  readonly decodePicture: (bytes: ArrayBuffer) => Promise<P>;
  /** The manifest with fresh links. */
  readonly renew: () => Promise<Manifest>;
  readonly pointBudget_bytes?: number;
  readonly pictureBudget_bytes?: number;
}

/** What the screen looks at. */
export interface Gaze {
  readonly frame: number;
  readonly direction: 1 | -1;
  /** The cameras to have in full quality, most wanted first. */
  readonly cameras: readonly SensorKey[];
}

const MIB = 1024 * 1024;
export const POINT_BUDGET_BYTES = 512 * MIB;
export const PICTURE_BUDGET_BYTES = 256 * MIB;
/** Frames ahead in the direction of travel, then one back, then the rest up to ten away. */
const NEAR_STEPS: readonly number[] = [1, 2, -1];
const FAR_STEPS: readonly number[] = [3, -2, 4, 5, 6, 7, 8, 9, 10, -3, -4, -5];

function cloudKey(frame: number, sensor: SensorKey): string {
  return `points ${frame} ${sensor}`;
}

function pictureKey(frame: number, sensor: SensorKey, quality: Quality): string {
  return `${quality} ${frame} ${sensor}`;
}

export class AssetClient<P extends Picture = Picture> {
  /** Counts up whenever something arrives or fails: read it, then ask for what you need. */
  readonly arrived: ReadonlySignal<number>;
  /** What could not be loaded, and why, by "<frame> <sensor>". */
  readonly problems: ReadonlySignal<ReadonlyMap<string, string>>;
  private readonly arrivedSignal: Signal<number> = signal(0);
  private readonly problemsSignal: Signal<ReadonlyMap<string, string>> = signal(new Map());
  private readonly queue = new DownloadQueue();
  private readonly clouds: BudgetCache<PointCloud>;
  private readonly pictures: BudgetCache<P>;
  private fresh: Manifest;
  private renewing: Promise<Manifest> | null = null;
  private present = 0;

  constructor(private readonly parts: AssetParts<P>) {
    this.arrived = this.arrivedSignal;
    this.problems = this.problemsSignal;
    this.fresh = parts.scene.manifest;
    this.clouds = new BudgetCache(parts.pointBudget_bytes ?? POINT_BUDGET_BYTES);
    this.pictures = new BudgetCache(parts.pictureBudget_bytes ?? PICTURE_BUDGET_BYTES, (picture) =>
      picture.close(),
    );
  }

  /** The points if they are in memory; else null, and `arrived` tells when to ask again. */
  cloudNow(frame: number, sensor: SensorKey): PointCloud | null {
    return this.clouds.get(cloudKey(frame, sensor));
  }

  /** The best picture in memory. */
  pictureNow(frame: number, sensor: SensorKey): ShownPicture<P> | null {
    for (const quality of ["full", "preview"] as const) {
      const picture = this.pictures.get(pictureKey(frame, sensor, quality));
      if (picture) return { picture, quality };
    }
    return null;
  }

  /** The points, as soon as can be. Rejects when they cannot be had. */
  async cloud(frame: number, sensor: SensorKey): Promise<PointCloud> {
    if (!this.cloudNow(frame, sensor)) {
      const download = this.cloudDownload(frame, sensor, true);
      if (!download) throw new RangeError(`frame ${frame} has no points from ${sensor}`);
      await this.queue.now(download);
    }
    const cloud = this.cloudNow(frame, sensor);
    if (!cloud) throw new RangeError(`the points of frame ${frame} do not fit into memory`);
    return cloud;
  }

  /** Turns the ring to what the screen looks at: loads in order of need, gives up what is far. */
  follow(gaze: Gaze): void {
    this.present = gaze.frame;
    const near = NEAR_STEPS.flatMap((step) => this.frameDownloads(gaze, step));
    const far = FAR_STEPS.flatMap((step) => this.frameDownloads(gaze, step));
    this.queue.plan([...this.presentDownloads(gaze), ...near, ...far]);
  }

  /** Whether a frame's points and previews are all in memory: a step to it is instant. */
  isReady(frame: number): boolean {
    const { lidars, cameras } = this.parts.scene;
    const hasClouds = lidars.every(
      ({ key }) => !this.lidarCapture(frame, key) || this.cloudNow(frame, key),
    );
    const hasPictures = cameras.every(
      ({ key }) => !this.cameraCapture(frame, key) || this.pictureNow(frame, key),
    );
    return hasClouds && hasPictures;
  }

  private presentDownloads({ frame, cameras }: Gaze): readonly Download[] {
    const { scene } = this.parts;
    return [
      ...scene.lidars.map(({ key }) => this.cloudDownload(frame, key, true)),
      ...scene.cameras.map(({ key }) => this.pictureDownload(frame, key, "preview", true)),
      ...cameras.map((key) => this.pictureDownload(frame, key, "full", true)),
    ].filter((each) => each !== null);
  }

  private frameDownloads({ frame, direction }: Gaze, step: number): readonly Download[] {
    const at = frame + step * direction;
    if (at < 0 || at >= this.parts.scene.frames.length) return [];
    return [
      ...this.parts.scene.lidars.map(({ key }) => this.cloudDownload(at, key, false)),
      ...this.parts.scene.cameras.map(({ key }) =>
        this.pictureDownload(at, key, "preview", false),
      ),
    ].filter((each) => each !== null);
  }

  private lidarCapture(frame: number, sensor: SensorKey): LidarCapture | null {
    const capture: Capture | undefined = this.fresh.frames[frame]?.captures[sensor];
    return capture && isLidarCapture(capture) ? capture : null;
  }

  private cameraCapture(frame: number, sensor: SensorKey): CameraCapture | null {
    const capture: Capture | undefined = this.fresh.frames[frame]?.captures[sensor];
    return capture && isCameraCapture(capture) ? capture : null;
  }

  private cloudDownload(frame: number, sensor: SensorKey, urgent: boolean): Download | null {
    const key = cloudKey(frame, sensor);
    if (this.clouds.get(key) || !this.lidarCapture(frame, sensor)) return null;
    const load = async (signal: AbortSignal) => {
      const [points, ground] = await Promise.all([
        this.bytes(() => this.lidarCapture(frame, sensor)?.points_url ?? null, signal),
        this.bytes(() => this.lidarCapture(frame, sensor)?.ground_url ?? null, signal),
      ]);
      if (!points) throw new RangeError(`frame ${frame} has no points from ${sensor}`);
      const ego_from_sensor = this.parts.scene.egoFrom(sensor);
      const value = await this.parts.decode({ points, ground, ego_from_sensor });
      this.clouds.put(key, { value, bytes: value.bytes, frame }, this.present);
    };
    return { key, urgent, load: (signal) => this.watched(`${frame} ${sensor}`, load(signal)) };
  }

  private pictureDownload(
    frame: number,
    sensor: SensorKey,
    quality: Quality,
    urgent: boolean,
  ): Download | null {
    const key = pictureKey(frame, sensor, quality);
    if (this.pictures.get(key) || !this.cameraCapture(frame, sensor)) return null;
    const url = () => {
      const capture = this.cameraCapture(frame, sensor);
      return (quality === "full" ? capture?.image_url : capture?.preview_url) ?? null;
    };
    const load = async (signal: AbortSignal) => {
      const bytes = await this.bytes(url, signal);
      if (!bytes) throw new RangeError(`frame ${frame} has no picture from ${sensor}`);
      const value = await this.parts.decodePicture(bytes);
      const held = { value, bytes: value.width * value.height * 4, frame };
      this.pictures.put(key, held, this.present);
    };
    return { key, urgent, load: (signal) => this.watched(`${frame} ${sensor}`, load(signal)) };
  }

  /** Fetches a link, with a fresh one when it is too old. */
  private async bytes(url: () => string | null, signal: AbortSignal): Promise<ArrayBuffer | null> {
    const first = url();
    if (!first) return null;
    try {
      return await this.parts.fetchBytes(first, signal);
    } catch (error) {
      if (!(error instanceof LinkExpired)) throw error;
      await this.renewed();
      return this.parts.fetchBytes(url() ?? first, signal);
    }
  }

  private async renewed(): Promise<void> {
    this.renewing ??= this.parts.renew();
    try {
      this.fresh = await this.renewing;
    } finally {
      this.renewing = null;
    }
  }

  private async watched(place: string, load: Promise<void>): Promise<void> {
    try {
      await load;
      this.tell(place, null);
    } catch (error) {
      const given_up = error instanceof DOMException && error.name === "AbortError";
      if (!given_up) this.tell(place, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  private tell(place: string, problem: string | null): void {
    const problems = new Map(this.problemsSignal.peek());
    if (problem) problems.set(place, problem);
    else problems.delete(place);
    if (problem || problems.size !== this.problemsSignal.peek().size) {
      this.problemsSignal.value = problems;
    }
    this.arrivedSignal.value = this.arrivedSignal.peek() + 1;
  }
}
