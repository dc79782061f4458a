/** Downloads in the order in which they matter: six for now, four ahead, the rest waits or is given up. */

export interface Download {
  readonly key: string;
  /** For what the screen shows now; else it is ahead of time. */
  readonly urgent: boolean;
  /** Keeps what it gets; rejects when it cannot. */
  readonly load: (signal: AbortSignal) => Promise<void>;
}

interface Flight {
  readonly controller: AbortController;
  readonly done: Promise<void>;
  urgent: boolean;
  /** Somebody awaits it: a new plan does not give it up. */
  pinned: boolean;
}

export const URGENT_SLOTS = 6;
export const AHEAD_SLOTS = 4;

export class DownloadQueue {
  private readonly flights = new Map<string, Flight>();
  private waiting: readonly Download[] = [];

  /** How many are under way. */
  get busy(): number {
    return this.flights.size;
  }

  get queued(): number {
    return this.waiting.length;
  }

  /** What matters from now on, most first; what is under way and not in it is given up. */
  plan(downloads: readonly Download[]): void {
    const wanted = new Map(downloads.map((each) => [each.key, each]));
    for (const [key, flight] of this.flights) {
      const still = wanted.get(key);
      if (still) flight.urgent ||= still.urgent;
      else if (!flight.pinned) flight.controller.abort();
    }
    this.waiting = downloads.filter((each) => !this.flights.has(each.key));
    this.pump();
  }

  /** Starts now, whatever else waits; the same download is never made twice at once. */
  now(download: Download): Promise<void> {
    const flight = this.flights.get(download.key) ?? this.start(download);
    flight.urgent = true;
    flight.pinned = true;
    this.waiting = this.waiting.filter((each) => each.key !== download.key);
    return flight.done;
  }

  private pump(): void {
    const rest: Download[] = [];
    for (const download of this.waiting) {
      if (this.hasSlot(download.urgent)) this.start(download);
      else rest.push(download);
    }
    this.waiting = rest;
  }

  private hasSlot(urgent: boolean): boolean {
    const flights = [...this.flights.values()].filter((flight) => flight.urgent === urgent);
    return flights.length < (urgent ? URGENT_SLOTS : AHEAD_SLOTS);
  }

  private start({ key, urgent, load }: Download): Flight {
    const controller = new AbortController();
    const done = load(controller.signal).finally(() => {
      this.flights.delete(key);
      this.pump();
    });
    const flight: Flight = { controller, done, urgent, pinned: false };
    this.flights.set(key, flight);
    // Whoever awaits sees the failure; nobody awaiting is no reason for an unhandled rejection.
    done.catch(() => undefined);
    return flight;
  }
}
