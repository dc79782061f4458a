/** Opens a task: document, scene, outbox, assets and live events, tied together. */

import { browserClient, sleep } from "../api/browser";
import { Calls } from "../api/calls";
import { Clock } from "../core/clock";
import { CommandRegistry } from "../core/commands";
import { DocumentStore } from "../core/document";
import { Editor } from "../core/editor";
import { History } from "../core/history";
import { DEFAULT_KEYS, KeyMap, type KeySettings } from "../core/keymap";
import { Scene } from "../core/scene";
import { Selection } from "../core/selection";
import { computed, effect, untracked } from "../core/signals";
import { AssetClient } from "./assets";
import { fetchBytes } from "./bytes";
import { Decoder } from "./decoder";
import { HEARTBEAT_MS, LeaseKeeper } from "./lease";
import { Outbox } from "./outbox";
import { readSetting, writeSetting } from "./settings";
import { openShelf, type Shelf } from "./shelf";
import { LiveSocket, type Wire, type WireEvents } from "./socket";
import { Sync } from "./sync";
import { type Locks, TabPen } from "./tabs";
import { Telemetry } from "./telemetry";

/** Everything that the screen of one task stands on. */
export interface Workspace {
  readonly taskId: number;
  readonly calls: Calls;
  readonly scene: Scene;
  readonly store: DocumentStore;
  readonly history: History;
  readonly editor: Editor;
  readonly sync: Sync;
  readonly pen: TabPen;
  readonly socket: LiveSocket;
  readonly assets: AssetClient<ImageBitmap>;
  readonly selection: Selection;
  readonly clock: Clock;
  readonly commands: CommandRegistry;
  readonly keymap: KeyMap;
  readonly telemetry: Telemetry;
  readonly shelf: Shelf;
  /** Makes this the tab that writes: what another tab left waiting goes out from here. */
  readonly takeOver: () => Promise<void>;
  /** Takes the task again after its lease was lost. Rejects with what the server said. */
  readonly reclaim: () => Promise<void>;
  readonly dispose: () => void;
}

const HISTORY_PAUSE_MS = 400;
const KEY_SETTINGS = "keys";

function isKeySettings(value: unknown): value is KeySettings {
  return typeof value === "object" && value !== null && "remap" in value && "singleKeys" in value;
}

function openWire({ opened, closed, heard }: WireEvents): Wire {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/`);
  socket.addEventListener("open", opened);
  socket.addEventListener("close", ({ code }) => closed(code));
  socket.addEventListener("message", ({ data }) => heard(data));
  return socket;
}

/** Plain-http pages have no Web Locks: there every tab may write, and versions sort it out. */
const FREE_PENS: Locks = { request: async (_name, _options, hold) => hold({}) };

function browserAssets(scene: Scene, calls: Calls, decoder: Decoder): AssetClient<ImageBitmap> {
  const parts = {
    fetch: (url: string, init: RequestInit) => fetch(url, init),
    sleep,
    random: Math.random,
  };
  return new AssetClient<ImageBitmap>({
    scene,
    fetchBytes: (url, signal) => fetchBytes(parts, url, signal),
    decode: (request) => decoder.decode(request),
    decodePicture: (bytes) => createImageBitmap(new Blob([bytes])),
    renew: () => calls.manifest(scene.manifest.scene.id),
  });
}

/** Undo survives a reload: the stack goes to disk a moment after it changed. Returns what stops it. */
async function keepHistory(history: History, shelf: Shelf, taskId: number): Promise<() => void> {
  const kept = await shelf.get("history", taskId);
  if (kept) history.restore(kept);
  let timer: ReturnType<typeof setTimeout> | undefined;
  return effect(() => {
    const snapshot = history.snapshot.value;
    clearTimeout(timer);
    timer = setTimeout(() => void shelf.put("history", snapshot, taskId), HISTORY_PAUSE_MS);
  });
}

/** The key map follows what is on disk, and the disk follows it. */
async function keepKeys(keymap: KeyMap, shelf: Shelf): Promise<() => void> {
  keymap.settings.value = (await readSetting(shelf, KEY_SETTINGS, isKeySettings)) ?? DEFAULT_KEYS;
  return effect(() => {
    void writeSetting(shelf, KEY_SETTINGS, keymap.settings.value);
  });
}

/** Opens a task in this tab. Rejects with what the server said when it may not be opened. */
export async function openWorkspace(taskId: number): Promise<Workspace> {
  const calls = new Calls(browserClient());
  const [document_, shelf] = await Promise.all([calls.document(taskId), openShelf()]);
  const manifest = await calls.manifest(document_.scene_id);
  const scene = new Scene(manifest);
  const store = new DocumentStore(scene, document_);
  const outbox = new Outbox(shelf, taskId);
  const history = new History();
  const pen = new TabPen(
    "locks" in navigator ? navigator.locks : FREE_PENS,
    `concord-task-${taskId}`,
  );
  const decoder = new Decoder();
  const sync = new Sync({
    taskId,
    store,
    outbox,
    shelf,
    calls,
    timers: {
      set: (run, ms) => window.setTimeout(run, ms),
      clear: (id) => window.clearTimeout(id),
      now_ms: Date.now,
      random: Math.random,
    },
    notify: (kind, text) => editor.notify(kind, text),
    holdsPen: () => pen.held.peek(),
  });
  const writable = computed(() => pen.held.value && sync.writable.value);
  const editor = new Editor({ store, history, sink: sync, writable });
  const commands = new CommandRegistry();
  const keymap = new KeyMap(commands);
  const telemetry = new Telemetry({ task_id: taskId, shelf, now_ms: Date.now, beacon: null });
  const socket = new LiveSocket({
    open: openWire,
    later: (run, ms) => void setTimeout(run, ms),
    random: Math.random,
  });
  const stops = [await keepHistory(history, shelf, taskId), await keepKeys(keymap, shelf)];
  stops.push(...followOthers({ socket, sync, calls, store, taskId, room: manifest.room }));
  stops.push(whenLost(pen, () => sync.rest()));
  if (await pen.take()) await sync.resume();
  return {
    taskId,
    calls,
    scene,
    store,
    history,
    editor,
    sync,
    pen,
    socket,
    assets: browserAssets(scene, calls, decoder),
    selection: new Selection(),
    clock: new Clock(scene),
    commands,
    keymap,
    telemetry,
    shelf,
    takeOver: async () => {
      if (!(await pen.takeOver())) return;
      store.replace(await calls.document(taskId));
      await sync.resume();
    },
    reclaim: async () => {
      const { lease } = await calls.claim(taskId);
      store.replace(await calls.document(taskId));
      store.lease.value = lease;
      sync.regain();
    },
    dispose: () => {
      for (const stop of stops) stop();
      socket.close();
      sync.dispose();
      decoder.dispose();
      pen.release();
    },
  };
}

/** Runs when this tab had the pen and lost it to another. Returns what stops it. */
function whenLost(pen: TabPen, run: () => void): () => void {
  let had = false;
  return effect(() => {
    if (had && !pen.held.value) untracked(run);
    had = pen.held.value;
  });
}

interface Following {
  readonly socket: LiveSocket;
  readonly sync: Sync;
  readonly calls: Calls;
  readonly store: DocumentStore;
  readonly taskId: number;
  readonly room: string;
}

/** Hears of others, keeps the lease, and takes up saving when the network is back. Returns what stops each. */
function followOthers({ socket, sync, calls, store, taskId, room }: Following): (() => void)[] {
  const refreshFindings = async () => {
    store.replaceFindings(await calls.findings(taskId));
  };
  socket.join(room);
  const lease = new LeaseKeeper({
    store,
    heartbeat: (token) => calls.heartbeat(taskId, token),
    onLost: (reason) => sync.loseLease(reason),
  });
  const heartbeat = setInterval(() => void lease.beat(), HEARTBEAT_MS);
  const online = () => void sync.retry();
  window.addEventListener("online", online);
  return [
    () => clearInterval(heartbeat),
    () => window.removeEventListener("online", online),
    socket.onReopened(() => void sync.pull()),
    socket.onEvent((event) => {
      if (event.event === "scene.changed") void sync.pull(event.version);
      if (event.event === "findings.changed") void refreshFindings();
    }),
  ];
}
