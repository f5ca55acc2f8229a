// Whether the kernel behind a widget lives, where the host tells (JupyterLab and Notebook 7).
//
// A model itself hears only of a restart: a kernel that dies or is shut down closes no comm.

import { dig } from "./dig.ts";

interface Signal {
  connect(slot: (sender: unknown, value: unknown) => void): void;
  disconnect(slot: (sender: unknown, value: unknown) => void): void;
}

function isSignal(value: unknown): value is Signal {
  return (
    typeof dig(value, "connect") === "function" && typeof dig(value, "disconnect") === "function"
  );
}

const GONE: ReadonlySet<unknown> = new Set(["dead", "terminating", "restarting", "autorestarting"]);

export interface KernelListener {
  /** The kernel ended, or another has taken its place. */
  gone(): void;
  /** The connection to it is back. */
  connected(): void;
}

/** Follows the kernel of the notebook that a widget manager belongs to. */
export function watchKernel(manager: unknown, on: KernelListener, signal: AbortSignal): void {
  const source = dig(manager, "context", "sessionContext") ?? dig(manager, "kernel");
  follow(source, "statusChanged", (status) => GONE.has(status) && on.gone(), signal);
  follow(source, "kernelChanged", on.gone, signal);
  follow(
    source,
    "connectionStatusChanged",
    (status) => status === "connected" && on.connected(),
    signal,
  );
}

function follow(
  source: unknown,
  name: string,
  on: (value: unknown) => void,
  signal: AbortSignal,
): void {
  const emitter = dig(source, name);
  if (!isSignal(emitter) || signal.aborted) return;
  const slot = (_sender: unknown, value: unknown) => on(value);
  emitter.connect(slot);
  signal.addEventListener("abort", () => emitter.disconnect(slot));
}
