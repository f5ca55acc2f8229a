import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeSocket } from "../../testing/fake-socket.ts";
import { pauseAfter, Socket, type SubscriptionListener } from "./socket.ts";

let life: AbortController;
let told: string[];

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.install();
  life = new AbortController();
  told = [];
});

afterEach(() => {
  life.abort();
  vi.useRealTimers();
});

function connect(): Socket {
  const on = {
    up: () => told.push("up"),
    away: () => told.push("away"),
    trying: () => told.push("trying"),
  };
  const socket = new Socket("ws://server/graphql", on, life.signal);
  socket.connect();
  return socket;
}

interface Heard extends SubscriptionListener {
  readonly payloads: unknown[];
  readonly ends: (readonly unknown[])[];
}

function heard(): Heard {
  const payloads: unknown[] = [];
  const ends: (readonly unknown[])[] = [];
  return {
    payloads,
    ends,
    next: (payload) => payloads.push(payload),
    ended: (errors) => ends.push(errors),
  };
}

const operation = (at = 0) => ({ query: "subscription", variables: { at } });

describe("the connection", () => {
  test("speaks graphql-transport-ws, and is up once it is acknowledged", () => {
    const socket = connect();
    expect(FakeSocket.last).toMatchObject({
      url: "ws://server/graphql",
      protocol: "graphql-transport-ws",
    });
    FakeSocket.last.open();
    expect(FakeSocket.last.sent).toEqual([{ type: "connection_init" }]);
    expect(socket.up).toBe(false);
    FakeSocket.last.say({ type: "connection_ack" });
    expect(socket.up).toBe(true);
    expect(told).toEqual(["trying", "up"]);
  });

  test.each([1000, 1001, 1006, 1011, 1012, 4400, 4429])(
    "is made again when it ends with %i",
    (code) => {
      connect();
      FakeSocket.last.accept();
      FakeSocket.last.end(code);
      expect(told).toEqual(["trying", "up", "away"]);
      vi.advanceTimersByTime(250);
      expect(FakeSocket.made).toHaveLength(2);
      FakeSocket.last.accept();
      expect(told.at(-1)).toBe("up");
    },
  );

  test("is tried with pauses that double up to 8 s and differ from page to page", () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 20].map((n) => pauseAfter(n, () => 1));
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 8000, 8000]);
    expect(pauseAfter(3, () => 0)).toBe(500);
  });

  test("that ends again and again is not made without a pause that grows", () => {
    connect();
    for (let i = 0; i < 6; i++) {
      FakeSocket.last.accept();
      FakeSocket.last.end(4400);
      vi.advanceTimersToNextTimer();
    }
    FakeSocket.last.end(4400);
    const made = FakeSocket.made.length;
    vi.advanceTimersByTime(3999);
    expect(FakeSocket.made).toHaveLength(made);
    vi.advanceTimersByTime(4001);
    expect(FakeSocket.made).toHaveLength(made + 1);
  });

  test("that has held for long is made again quickly", () => {
    connect();
    for (let i = 0; i < 6; i++) {
      FakeSocket.last.end();
      vi.advanceTimersToNextTimer();
    }
    FakeSocket.last.accept();
    vi.advanceTimersByTime(6000);
    FakeSocket.last.end();
    const made = FakeSocket.made.length;
    vi.advanceTimersByTime(250);
    expect(FakeSocket.made).toHaveLength(made + 1);
  });

  test("is given up when it is not acknowledged within 10 s", () => {
    connect();
    FakeSocket.last.open();
    vi.advanceTimersByTime(10_000);
    expect(FakeSocket.made[0]?.closed?.code).toBe(4504);
    expect(told).toEqual(["trying", "away"]);
  });

  test("is given up at nonsense", () => {
    for (const nonsense of ["[", "null", new ArrayBuffer(1)]) {
      connect();
      FakeSocket.last.accept();
      const spoiled = FakeSocket.last;
      spoiled.sayText(nonsense);
      expect(spoiled.closed?.code).toBe(4400);
      expect(told.at(-1)).toBe("away");
    }
  });

  test("answers a ping", () => {
    connect();
    FakeSocket.last.accept();
    FakeSocket.last.say({ type: "ping" });
    expect(FakeSocket.last.sentOf("pong")).toHaveLength(1);
  });

  test("asks for a word after 20 s of silence, and is given up 10 s later without one", () => {
    connect();
    const first = FakeSocket.last;
    first.accept();
    vi.advanceTimersByTime(20_000);
    expect(first.sentOf("ping")).toHaveLength(1);
    first.say({ type: "pong" });
    vi.advanceTimersByTime(20_000);
    expect(first.sentOf("ping")).toHaveLength(2);
    vi.advanceTimersByTime(10_000);
    expect(first.closed?.code).toBe(4408);
    expect(told.at(-1)).toBe("away");
  });

  test("is tried at once when there is hope, and looked after when it is there", () => {
    const socket = connect();
    FakeSocket.last.end();
    socket.hurry();
    expect(FakeSocket.made).toHaveLength(2);
    socket.hurry();
    expect(FakeSocket.made).toHaveLength(2);
    FakeSocket.last.accept();
    socket.hurry();
    expect(FakeSocket.last.sentOf("ping")).toHaveLength(1);
    vi.advanceTimersByTime(4000);
    expect(FakeSocket.last.closed?.code).toBe(4408);
  });

  test("ends with its signal, for good", () => {
    const socket = connect();
    FakeSocket.last.accept();
    life.abort();
    expect(FakeSocket.last.closed?.code).toBe(1000);
    socket.hurry();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
  });
});

describe("a subscription", () => {
  test("waits for the connection, and hears what is its own", () => {
    const socket = connect();
    const [one, other] = [heard(), heard()];
    socket.subscribe(operation, one, life.signal);
    FakeSocket.last.accept();
    socket.subscribe(operation, other, life.signal);
    const [first, second] = FakeSocket.last.sentOf("subscribe");
    expect(first).toMatchObject({ payload: { query: "subscription" } });
    FakeSocket.last.say({ type: "next", id: second?.id, payload: { data: 1 } });
    FakeSocket.last.say({ type: "next", id: "unknown", payload: { data: 2 } });
    expect([one.payloads, other.payloads]).toEqual([[], [{ data: 1 }]]);
  });

  test("is made again from where its listener is by then", () => {
    const socket = connect();
    let at = 3;
    socket.subscribe(() => operation(at), heard(), life.signal);
    FakeSocket.last.accept();
    at = 7;
    FakeSocket.last.end();
    vi.advanceTimersByTime(250);
    FakeSocket.last.accept();
    const places = FakeSocket.made.map((made) => made.sentOf("subscribe"));
    expect(places).toMatchObject([
      [{ payload: { variables: { at: 3 } } }],
      [{ payload: { variables: { at: 7 } } }],
    ]);
  });

  test.each([
    [{ type: "complete" }, []],
    [{ type: "error", payload: [{ message: "no" }] }, [{ message: "no" }]],
  ])("hears of its end by %o, and is not made again", (message, errors) => {
    const socket = connect();
    const one = heard();
    socket.subscribe(operation, one, life.signal);
    FakeSocket.last.accept();
    const [{ id } = {}] = FakeSocket.last.sentOf("subscribe");
    FakeSocket.last.say({ ...message, id });
    FakeSocket.last.say({ type: "next", id, payload: 1 });
    expect(one.ends).toEqual([errors]);
    expect(one.payloads).toEqual([]);
    FakeSocket.last.end();
    vi.advanceTimersByTime(250);
    FakeSocket.last.accept();
    expect(FakeSocket.last.sentOf("subscribe")).toEqual([]);
  });

  test("is completed when its signal aborts, also one that was made again", () => {
    const socket = connect();
    const one = new AbortController();
    const listener = heard();
    socket.subscribe(operation, listener, one.signal);
    FakeSocket.last.accept();
    FakeSocket.last.end();
    vi.advanceTimersByTime(250);
    FakeSocket.last.accept();
    const [{ id } = {}] = FakeSocket.last.sentOf("subscribe");
    one.abort();
    expect(FakeSocket.last.sentOf("complete")).toEqual([{ id, type: "complete" }]);
    FakeSocket.last.say({ type: "next", id, payload: 1 });
    expect(listener.payloads).toEqual([]);
  });
});
