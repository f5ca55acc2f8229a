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
  try {
    do next(queue);
    while (queue.length > 0 && !isOver());
  } finally {
    if (queue.length > 0) request(view, queue);
  }
}

function next(queue: Job[]): void {
  try {
    // The job stays in the queue while it runs: what it adds must not ask for a turn of its own.
    queue[0]?.();
  } finally {
    queue.shift();
  }
}
