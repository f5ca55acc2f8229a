import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeSignal, FakeWidget } from "../testing/fake-widget.ts";
import type { Channel } from "./channel.ts";
import { commChannel } from "./comm.ts";
import { dig } from "./dig.ts";

interface Heard {
  readonly channel: Channel;
  readonly life: AbortController;
  /** What was called, with what. */
  readonly calls: unknown[][];
  /** The last status, if any was said. */
  status(): unknown;
}

function listen(widget: FakeWidget): Heard {
  const channel = commChannel(widget.handle());
  const life = new AbortController();
  const calls: unknown[][] = [];
  let status: unknown;
  channel.listen(
    {
      snapshot: (data) => calls.push(["snapshot", data]),
      batch: (data) => calls.push(["batch", data]),
      message: (data, buffers) => calls.push(["message", data, buffers]),
      status: (said) => {
        status = said;
      },
      position: () => undefined,
      renamed: () => undefined,
    },
    life.signal,
  );
  return { channel, life, calls, status: () => status };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const hellos = (widget: FakeWidget) => widget.sent.filter(({ type }) => type === "hello");

describe("what the kernel sends", () => {
  test("is passed on in order", () => {
    const widget = new FakeWidget({ thread: { revision: 0 } });
    const { calls, channel } = listen(widget);
    expect(channel.snapshot()).toEqual({ revision: 0 });
    widget.set("delta", { events: [1] });
    widget.set("thread", { revision: 1 });
    widget.set("delta", { events: [2] });
    expect(calls).toEqual([
      ["batch", { events: [1] }],
      ["snapshot", { revision: 1 }],
      ["batch", { events: [2] }],
    ]);
    expect(channel.snapshot()).toEqual({ revision: 1 });
  });

  test("as bytes comes as views, however the host holds them", () => {
    const widget = new FakeWidget();
    const { calls } = listen(widget);
    const bytes = new Uint8Array([0, 7, 8, 0]);
    const held = [bytes.buffer, bytes.subarray(1, 3), new DataView(bytes.buffer, 3), "bytes"];
    widget.trigger("msg:custom", { type: "asset" }, held);
    widget.trigger("msg:custom", { type: "asset" });
    const [first, second] = calls;
    const read = (views: unknown) =>
      (views as DataView[]).map((v) => [...new Uint8Array(v.buffer, v.byteOffset, v.byteLength)]);
    expect(read(first?.[2])).toEqual([[0, 7, 8, 0], [7, 8], [0]]);
    expect(second?.[2]).toEqual([]);
  });

  test("is not heard any more after the end", () => {
    const widget = new FakeWidget();
    const { calls, life } = listen(widget);
    life.abort();
    expect(widget.listeners).toBe(0);
    widget.set("delta", { events: [] });
    vi.advanceTimersByTime(60_000);
    expect(calls).toEqual([]);
  });
});

describe("what is kept for a saved notebook", () => {
  test("is in the model, and neither sent nor heard here", () => {
    const widget = new FakeWidget({ thread: { revision: 0 } });
    const { calls, channel, status } = listen(widget);
    const sent = widget.sent.length;
    channel.keep?.({ revision: 5 });
    expect(widget.get("thread")).toEqual({ revision: 5 });
    expect(widget.sent).toHaveLength(sent);
    expect(calls).toEqual([]);
    expect(status()).toBeUndefined();
  });
});

describe("a key", () => {
  test("goes as bytes beside its request, which a kernel may log", () => {
    const widget = new FakeWidget();
    commChannel(widget.handle()).send({ type: "connect", name: "openai", api_key: "sk-1" });
    expect(widget.sent).toEqual([{ type: "connect", name: "openai" }]);
    expect(widget.bytes.map((bytes) => new TextDecoder().decode(bytes))).toEqual(["sk-1"]);
  });
});

describe("the status", () => {
  test("is live from the first sign of a kernel", () => {
    for (const sign of ["thread", "delta"]) {
      const widget = new FakeWidget();
      const { status } = listen(widget);
      expect(hellos(widget)).toHaveLength(1);
      expect(status()).toBeUndefined();
      widget.set(sign, { any: 1 });
      expect(status()).toBe("live");
    }
  });

  test("is saved at once where the host says that there is no comm", () => {
    const widget = new FakeWidget({ layout: { comm_live: false } });
    const { status } = listen(widget);
    expect(status()).toBe("saved");
    expect(hellos(widget)).toHaveLength(0);
  });

  test("is saved after 4 s of silence where the host says nothing", () => {
    const { status } = listen(new FakeWidget());
    vi.advanceTimersByTime(3999);
    expect(status()).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(status()).toBe("saved");
  });

  test("waits for a kernel that is there and busy, as long as it takes", () => {
    const widget = new FakeWidget({ layout: { comm_live: true } });
    const { status } = listen(widget);
    vi.advanceTimersByTime(600_000);
    expect(status()).toBeUndefined();
    widget.set("delta", { events: [] });
    expect(status()).toBe("live");
  });

  test("is live again when a kernel is heard late after all", () => {
    const widget = new FakeWidget();
    const { status } = listen(widget);
    vi.advanceTimersByTime(4000);
    widget.set("delta", { events: [] });
    expect(status()).toBe("live");
  });

  test("is lost when the comm closes", () => {
    const widget = new FakeWidget();
    const { status } = listen(widget);
    widget.trigger("comm:close");
    expect(status()).toBe("lost");
  });

  test("is lost when the host marks the comm as dead, and only then", () => {
    const layout = { comm_live: true };
    const widget = new FakeWidget({ layout });
    const { status } = listen(widget);
    widget.set("delta", { events: [] });
    widget.trigger("comm_live_update");
    vi.runAllTimers();
    expect(status()).toBe("live");
    // The host goes through its models one after the other; the layout may come last.
    widget.trigger("comm_live_update");
    layout.comm_live = false;
    vi.runAllTimers();
    expect(status()).toBe("lost");
  });

  test("does not depend on a comm that takes the greeting", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const widget = new FakeWidget();
    widget.disposed = true;
    const { status } = listen(widget);
    vi.advanceTimersByTime(4000);
    expect(status()).toBe("saved");
    expect(warn).toHaveBeenCalledOnce();
  });
});

describe("the kernel of the notebook", () => {
  function notebook() {
    const session = {
      statusChanged: new FakeSignal(),
      kernelChanged: new FakeSignal(),
      connectionStatusChanged: new FakeSignal(),
    };
    return { session, manager: { context: { sessionContext: session } } };
  }

  test.each(["dead", "terminating", "restarting", "autorestarting"])(
    "that is %s is lost",
    (word) => {
      const { session, manager } = notebook();
      const { status } = listen(new FakeWidget({}, manager));
      session.statusChanged.emit(word);
      expect(status()).toBe("lost");
    },
  );

  test("may be busy, idle or unknown without being lost", () => {
    const { session, manager } = notebook();
    const { status } = listen(new FakeWidget({}, manager));
    for (const word of ["busy", "idle", "unknown", 7]) session.statusChanged.emit(word);
    expect(status()).toBeUndefined();
  });

  test("that gives way to another is lost", () => {
    const { session, manager } = notebook();
    const { status } = listen(new FakeWidget({}, manager));
    session.kernelChanged.emit({ newValue: null });
    expect(status()).toBe("lost");
  });

  test("is greeted again when the connection is back, and lives once it answers", () => {
    const { session, manager } = notebook();
    const widget = new FakeWidget({}, manager);
    const { status } = listen(widget);
    session.statusChanged.emit("dead");
    session.connectionStatusChanged.emit("connecting");
    expect(hellos(widget)).toHaveLength(1);
    session.connectionStatusChanged.emit("connected");
    expect(hellos(widget)).toHaveLength(2);
    expect(status()).toBe("lost");
    widget.set("delta", { events: [] });
    expect(status()).toBe("live");
  });

  test("is left alone after the end", () => {
    const { session, manager } = notebook();
    const { life } = listen(new FakeWidget({}, manager));
    life.abort();
    for (const signal of Object.values(session)) expect(signal.slots.size).toBe(0);
  });
});

describe("a Stop", () => {
  function running(control: string) {
    const sent: unknown[][] = [];
    const kernel = {
      clientId: "client",
      username: "user",
      sendControlMessage: (...call: unknown[]) => sent.push(call),
    };
    const manager = { context: { sessionContext: { session: { kernel } } } };
    const widget = new FakeWidget({ control }, manager);
    return { channel: commChannel(widget.handle()), widget, sent };
  }

  test("goes on the control channel where the kernel wants it there", () => {
    const { channel, widget, sent } = running("comm-1");
    channel.send({ type: "stop", request: "r1" });
    const content = { type: "stop", request: "r1" };
    expect(sent).toEqual([
      [
        expect.objectContaining({
          channel: "control",
          header: expect.objectContaining({ msg_type: "comm_msg", session: "client" }),
          content: { comm_id: "comm-1", data: { method: "custom", content } },
        }),
        false,
        true,
      ],
    ]);
    expect(widget.sent).toEqual([]);
  });

  test("goes with everything else where it does not, or the host cannot", () => {
    const { channel, widget, sent } = running("");
    channel.send({ type: "stop", request: "r1" });
    const elsewhere = new FakeWidget({ control: "comm-1" });
    commChannel(elsewhere.handle()).send({ type: "stop", request: "r2" });
    expect(sent).toEqual([]);
    expect(widget.sent).toEqual([{ type: "stop", request: "r1" }]);
    expect(elsewhere.sent).toEqual([{ type: "stop", request: "r2" }]);
  });

  test("overtakes as do the end of a wait and a claim, and nothing else", () => {
    const { channel, widget, sent } = running("comm-1");
    for (const type of ["send", "hello", "edit"]) channel.send({ type, request: type });
    expect(widget.sent).toHaveLength(3);
    channel.send({ type: "retry_now", request: "r" });
    channel.send({ type: "claim", action: "a", request: "c" });
    expect(sent).toHaveLength(2);
  });

  test("of a comparison overtakes too, and what steers it stays in order", () => {
    const { channel, widget, sent } = running("comm-1");
    const actions = ["pause", "resume", "cancel", "retry_failed"];
    for (const action of actions) channel.send({ type: "steer", comparison: "c", action });
    expect(sent.map(([message]) => dig(message, "content", "data", "content", "action"))).toEqual(
      actions,
    );
    expect(widget.sent).toEqual([]);
  });
});
