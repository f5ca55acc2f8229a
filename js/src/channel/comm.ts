// The notebook's transport: traits from the kernel, custom messages to it.
//
// The kernel never learns of a trait from here: what `keep` sets stays in the browser, where a
// notebook that is saved with its widgets finds it.

import type { Channel, ChannelListener, ChannelStatus } from "./channel.ts";
import { sendOnControl } from "./control.ts";
import { dig } from "./dig.ts";
import { watchKernel } from "./kernel.ts";
import type { AnyModel } from "./model.ts";

/** How long a kernel may take to answer where nothing else tells that there is one. */
const PATIENCE = 4000;

/**
 * What cannot wait for the end of a cell. A comparison is steered on one road: a Pause that overtook
 * the Resume before it would leave it running.
 */
const URGENT: ReadonlySet<unknown> = new Set(["stop", "steer", "retry_now", "claim"]);

/** The channel of one widget; its views share it. */
export function commChannel(model: AnyModel): Channel {
  return new CommChannel(model);
}

class CommChannel implements Channel {
  readonly peer = "kernel";
  readonly #model: AnyModel;
  #keeping = false;
  #hellos = 0;

  constructor(model: AnyModel) {
    this.#model = model;
  }

  snapshot(): unknown {
    return this.#model.get("thread") ?? undefined;
  }

  send(request: object): void {
    // The comm's id, where the kernel wants such requests on its control channel.
    const comm = this.#model.get("control");
    const urgent = URGENT.has(dig(request, "type")) && typeof comm === "string" && comm !== "";
    if (urgent && sendOnControl(this.#model.widget_manager, comm, request)) return;
    const key = dig(request, "api_key");
    if (typeof key === "string") {
      // As bytes beside the message: the kernel's libraries write whole messages into their logs.
      const { api_key: _, ...rest } = request as { api_key: string };
      this.#model.send(rest, undefined, [new TextEncoder().encode(key)]);
      return;
    }
    this.#model.send(request);
  }

  keep(snapshot: object): void {
    this.#keeping = true;
    try {
      this.#model.set("thread", snapshot);
    } finally {
      this.#keeping = false;
    }
  }

  listen(on: ChannelListener, signal: AbortSignal): void {
    const model = this.#model;
    const patience = setTimeout(() => on.status("saved"), PATIENCE);
    const say = (status: ChannelStatus) => {
      clearTimeout(patience);
      on.status(status);
    };
    /** What comes from the kernel shows that there is one. */
    const hear = (event: string, tell: (...args: unknown[]) => void) => {
      const heard = (...args: unknown[]) => {
        if (this.#keeping) return;
        say("live");
        tell(...args);
      };
      model.on(event, heard);
      signal.addEventListener("abort", () => model.off(event, heard));
    };
    const lose = (event: string, lost: () => void) => {
      model.on(event, lost);
      signal.addEventListener("abort", () => model.off(event, lost));
    };
    // The layout came the same way as the widget, and unlike the handle says whether it is live.
    const isLive = () => dig(model.get("layout"), "comm_live");

    hear("change:thread", () => on.snapshot(model.get("thread")));
    hear("change:delta", () => on.batch(model.get("delta")));
    hear("msg:custom", (content, buffers) => on.message(content, views(buffers)));
    lose("comm:close", () => say("lost"));
    // After a restart the widget manager marks every comm as dead, one after the other.
    lose("comm_live_update", () => {
      setTimeout(() => {
        if (!signal.aborted && isLive() !== true) say("lost");
      });
    });
    watchKernel(
      model.widget_manager,
      { gone: () => say("lost"), connected: () => this.#hello() },
      signal,
    );
    signal.addEventListener("abort", () => clearTimeout(patience));

    const live = isLive();
    if (live === false) {
      say("saved");
      return;
    }
    // A kernel that is there may be busy with a cell for as long as it likes.
    if (live === true) clearTimeout(patience);
    this.#hello();
  }

  #hello(): void {
    try {
      this.send({ type: "hello", request: `hello-${++this.#hellos}` });
    } catch (error) {
      // A comm whose kernel went away in this moment; what follows tells that it did.
      console.warn("playground_widget: the kernel could not be greeted.", error);
    }
  }
}

function views(buffers: unknown): readonly DataView[] {
  if (!Array.isArray(buffers)) return [];
  return buffers.flatMap((bytes: unknown) => {
    if (bytes instanceof ArrayBuffer) return [new DataView(bytes)];
    if (!ArrayBuffer.isView(bytes)) return [];
    return [new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)];
  });
}
