/** Work that can wait, done in the browser's idle time, in order. */

type Job = () => void;

const queues = new WeakMap<Window, Job[]>();

/** Does `job` when `view` is idle, unless `signal` is aborted by then. */
export function whenIdle(view: Window & typeof globalThis, signal: AbortSignal, job: Job): void {
  let queue = queues.get(view);
  if (queue === undefined) {
    queue = [];
    queues.set(view, queue);
  }
  queue.push(() => {
    if (!signal.aborted) job();
  });
  if (queue.length === 1) request(view, queue);
}

function request(view: Window & typeof globalThis, queue: Job[]): void {
  // Safari has no requestIdleCallback.
  if (typeof view.requestIdleCallback !== "function") {
    view.setTimeout(() => work(view, queue, () => queue.length === 0), 16);
    return;
  }
  view.requestIdleCallback((deadline) => work(view, queue, () => deadline.timeRemaining() < 2));
}

function work(view: Window & typeof globalThis, queue: Job[], isOver: () => boolean): void {
  do {
    // The job stays in the queue while it runs: what it adds must not ask for a turn of its own.
    queue[0]?.();
    queue.shift();
  } while (queue.length > 0 && !isOver());
  if (queue.length > 0) request(view, queue);
}
