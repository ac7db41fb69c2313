import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { PartAsked, PartTold } from './walk-part.js';

/** A thread pays from here on: its start costs as much as some thousand entries. */
const ENTRIES_MIN = 4096;
const THREAD = new URL('./walk-thread.js', import.meta.url);

/** What became of a part: null: not known yet; `lost`: nobody looks at it any more. */
export interface PartState {
  told: PartTold | 'lost' | null;
}

/** The thread that looks at parts of one walk, started when there is enough to do. */
export class WalkHelper {
  #thread: Worker | null = null;
  readonly #ports = new MessageChannel();
  #part: PartState | null = null;
  #hasFailed = false;

  constructor(private readonly thread: URL = THREAD) {}

  isFree(entriesSeen: number): boolean {
    return this.#part === null && !this.#hasFailed && entriesSeen >= ENTRIES_MIN;
  }

  /** Only one that is free. */
  give(asked: PartAsked): PartState {
    this.#start();
    this.#part = { told: null };
    this.#ports.port1.postMessage(asked);
    return this.#part;
  }

  /** Takes what the thread told meanwhile. Asked for, as events come only when the walk gives way. */
  poll(): void {
    if (this.#part === null) return;
    const message = receiveMessageOnPort(this.#ports.port1);
    if (message) this.#part.told = message.message;
    else if (this.#hasFailed) this.#part.told = 'lost';
    else return;
    this.#part = null;
  }

  end(): void {
    void this.#thread?.terminate();
    this.#ports.port1.close();
    this.#ports.port2.close();
  }

  #start(): void {
    if (this.#thread !== null) return;
    const failed = () => {
      this.#hasFailed = true;
    };
    try {
      const { port2: port } = this.#ports;
      const thread = new Worker(this.thread, { workerData: { port }, transferList: [port], execArgv: [] });
      // One that cannot be had, or is lost, costs time and nothing else: the walk looks itself.
      thread.on('error', failed).on('exit', failed).unref();
      this.#thread = thread;
    } catch {
      failed();
    }
  }
}
