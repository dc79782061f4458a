/** The upload page: choose, send, pause, go on, and start the import. */

import { type ChosenFile, fromDrop, fromInput } from "./files";
import { Memory } from "./memory";
import { type Outcome, Queue, type QueueProgress } from "./queue";
import { sender } from "./sending";
import { filesWords, remainingWords, sizeWords } from "./words";

type Stage = "choose" | "ready" | "sending" | "paused" | "failed" | "starting";

const SPEED_WINDOW_MS = 6000;

function need<T extends Element>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (found === null) throw new Error(`the upload page lacks ${selector}`);
  return found;
}

class UploadPage {
  private files: readonly ChosenFile[] = [];
  private queue: Queue | null = null;
  private speeds: { readonly at: number; readonly bytes: number }[] = [];

  constructor(
    private readonly root: HTMLElement,
    private readonly memory: Memory,
  ) {}

  async start(): Promise<void> {
    this.wireChoosing();
    this.on("[data-upload-start]", () => this.begin());
    this.on("[data-upload-pause]", () => this.queue?.pause());
    this.on("[data-upload-resume]", () => this.go());
    this.on("[data-upload-again]", () => this.startOver());
    window.addEventListener("online", () => {
      if (this.root.dataset["stage"] === "failed") void this.go();
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.root.dataset["stage"] === "sending") event.preventDefault();
    });
    const kept = await this.memory.batch();
    if (kept !== undefined) {
      const done = await this.memory.doneCount();
      this.say(
        "[data-upload-kept]",
        `An upload of “${kept.name}” (${filesWords(kept.files)}, ${sizeWords(kept.bytes)}) was ` +
          `interrupted after ${filesWords(done)}. Choose the same folder or zip again: it goes on ` +
          "where it stopped.",
      );
      this.root.dataset["kept"] = "";
    }
    this.show("choose");
  }

  private wireChoosing(): void {
    for (const input of this.root.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      input.addEventListener("change", () => this.chosen(fromInput(input.files)));
    }
    this.on("[data-upload-folder]", () => need<HTMLInputElement>(this.root, "#folder").click());
    this.on("[data-upload-zip]", () => need<HTMLInputElement>(this.root, "#zip").click());
    const drop = need<HTMLElement>(this.root, ".drop");
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("is-over");
      const items = event.dataTransfer?.items;
      if (items !== undefined) void fromDrop(items).then((files) => this.chosen(files));
    });
  }

  private chosen(files: readonly ChosenFile[]): void {
    if (files.length === 0) return;
    this.files = files;
    this.queue = null;
    this.say(
      "[data-upload-chosen]",
      `${this.name()}: ${filesWords(files.length)}, ${this.size()}`,
    );
    this.show("ready");
  }

  /** Send under the batch that was begun before, if there is one. */
  private async begin(): Promise<void> {
    const files = this.files.length;
    const bytes = this.files.reduce((sum, one) => sum + one.file.size, 0);
    let kept = await this.memory.batch();
    if (kept !== undefined && (kept.files !== files || kept.bytes !== bytes)) {
      // Another folder than the one that was interrupted: it is no part of that upload.
      await this.memory.forget();
      kept = undefined;
    }
    const batch = kept?.batch ?? crypto.randomUUID();
    const project = Number(this.root.dataset["project"]);
    await this.memory.keepBatch({ project, batch, name: this.name(), files, bytes });
    const target = {
      endpoint: this.root.dataset["endpoint"] ?? "",
      project: this.root.dataset["project"] ?? "",
      csrf: this.root.dataset["csrf"] ?? "",
      batch,
    };
    this.queue = new Queue(this.files, sender(target, this.memory), (progress) =>
      this.draw(progress),
    );
    this.root.dataset["batch"] = batch;
    await this.go();
  }

  private async go(): Promise<void> {
    if (this.queue === null) return;
    this.speeds = [];
    this.show("sending");
    this.end(await this.queue.run());
  }

  private end(outcome: Outcome): void {
    if (outcome.kind === "done") {
      void this.startImport();
    } else if (outcome.kind === "paused") {
      this.show("paused");
    } else {
      this.say("[data-upload-problem]", `${outcome.file}: ${outcome.reason}`);
      this.show("failed");
    }
  }

  private async startImport(): Promise<void> {
    this.show("starting");
    const answer = await fetch(this.root.dataset["imports"] ?? "", {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": this.root.dataset["csrf"] ?? "",
      },
      body: JSON.stringify({
        project: Number(this.root.dataset["project"]),
        upload_batch: this.root.dataset["batch"],
        format: need<HTMLSelectElement>(this.root, "#format").value,
        with_labels: need<HTMLInputElement>(this.root, "#with_labels").checked,
      }),
    });
    const said: { id?: number; detail?: string } = await answer.json();
    if (!answer.ok || said.id === undefined) {
      this.say("[data-upload-problem]", said.detail ?? `The server answered ${answer.status}.`);
      this.show("failed");
      return;
    }
    await this.memory.forget();
    location.assign((this.root.dataset["importPage"] ?? "").replace("/0/", `/${said.id}/`));
  }

  private async startOver(): Promise<void> {
    this.queue?.pause();
    await this.memory.forget();
    delete this.root.dataset["kept"];
    this.files = [];
    this.queue = null;
    for (const input of this.root.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      input.value = "";
    }
    this.show("choose");
  }

  private draw(progress: QueueProgress): void {
    const bar = need<HTMLProgressElement>(this.root, "progress");
    bar.max = Math.max(progress.totalBytes, 1);
    bar.value = progress.sentBytes;
    const left = progress.totalBytes - progress.sentBytes;
    const speed = this.speed(progress.sentBytes);
    this.say(
      "[data-upload-progress]",
      `${sizeWords(progress.sentBytes)} of ${sizeWords(progress.totalBytes)}, ` +
        `${progress.doneFiles} of ${filesWords(progress.totalFiles)}`,
    );
    const pace = speed > 0 ? `${sizeWords(speed)}/s, ${remainingWords(left, speed)}` : "";
    this.say("[data-upload-pace]", pace);
    this.say("[data-upload-current]", progress.current);
  }

  private speed(bytes: number): number {
    const now = performance.now();
    this.speeds.push({ at: now, bytes });
    this.speeds = this.speeds.filter((one) => now - one.at < SPEED_WINDOW_MS);
    const first = this.speeds[0];
    if (first === undefined || now - first.at < 500) return 0;
    return ((bytes - first.bytes) * 1000) / (now - first.at);
  }

  private name(): string {
    return this.files[0]?.path.split("/")[0] ?? "";
  }

  private size(): string {
    return sizeWords(this.files.reduce((sum, one) => sum + one.file.size, 0));
  }

  private show(stage: Stage): void {
    this.root.dataset["stage"] = stage;
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-in]")) {
      part.hidden = !(part.dataset["in"] ?? "").split(" ").includes(stage);
    }
    for (const part of this.root.querySelectorAll<HTMLElement>("[data-if-kept]")) {
      part.hidden = this.root.dataset["kept"] === undefined || stage === "starting";
    }
  }

  private say(selector: string, text: string): void {
    const place = need<HTMLElement>(this.root, selector);
    if (place.textContent !== text) place.textContent = text;
  }

  private on(selector: string, act: () => unknown): void {
    for (const button of this.root.querySelectorAll(selector)) {
      button.addEventListener("click", () => void act());
    }
  }
}

/** Bring the upload page to life. */
export async function startUploadPage(root: HTMLElement): Promise<void> {
  const memory = await Memory.open(Number(root.dataset["project"]));
  await new UploadPage(root, memory).start();
}
