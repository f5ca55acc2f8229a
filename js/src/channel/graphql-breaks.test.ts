import { describe, expect, test, vi } from "vitest";
import { textOf } from "../model.ts";
import { emptyThread } from "../store/replica.ts";
import { FakeServer } from "../testing/fake-server.ts";
import { FakeSocket } from "../testing/fake-socket.ts";
import { answerIn, pages, passing, refusal, slow, start, words } from "../testing/graphql-pages.ts";

const { open, opened, end } = pages();

describe("a network that goes away", () => {
  test("costs neither text nor structure, wherever it is cut", async () => {
    const server = new FakeServer({ snapshot: start, script: () => slow });
    const store = await opened(server);
    const epoch = store.epoch.value;
    const asked = store.request({ type: "send", content: words("Count") });
    for (const time of [40, 90, 160, 70, 300]) {
      await passing(time);
      server.cut();
      expect(store.status.value).toBe("reconnecting");
    }
    await passing(9000);
    await asked;
    expect(store.status.value).toBe("live");
    expect(answerIn(store)).toBe(slow.text);
    expect(store.thread.value).toEqual(server.kernel.present().thread);
    expect(store.epoch.value).toBe(epoch);
    const resumed = FakeSocket.last.sentOf("subscribe");
    expect(resumed).toContainEqual(
      expect.objectContaining({
        payload: expect.objectContaining({
          variables: expect.objectContaining({ revision: expect.any(Number) }),
        }),
      }),
    );
  });

  test("is told of with the time of the next try, and tried at once when asked to", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.goAway();
    await passing(12_000);
    expect(store.status.value).toBe("reconnecting");
    const { since, next } = store.away.value ?? {};
    expect(performance.now() - (since ?? 0)).toBeGreaterThan(11_000);
    expect(next).toBeGreaterThan(performance.now());
    server.comeBack();
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
    expect(store.away.value).toBeNull();
  });

  test("has a request asked again with the same id, and done once", async () => {
    const server = new FakeServer({ snapshot: start, script: () => ({ text: "Yes" }) });
    const store = await opened(server);
    server.losing = 1;
    const asked = store.request({ type: "send", content: words("Once") });
    await passing(2000);
    await asked;
    const [first, second] = server.inputs("send");
    expect(first?.clientMutationId).toMatch(/^[0-9a-f]{32}$/);
    expect(second?.clientMutationId).toBe(first?.clientMutationId);
    const said = store.path.value.map(({ content }) => content.map(textOf).join(""));
    expect(said).toEqual(["Hi", "Once", "Yes"]);
  });

  test("has what is asked meanwhile done when it is back", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.goAway();
    const asked = store.request({ type: "set", title: "Later" });
    await passing(3000);
    expect(store.thread.value.title).toBe("");
    server.comeBack();
    await passing(9000);
    await asked;
    expect(store.thread.value.title).toBe("Later");
  });

  test("leaves to the person what a restarted server may have done", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.losing = 1;
    const asked = refusal(store.request({ type: "set", title: "Perhaps" }));
    await passing(20);
    server.goAway();
    await passing(1000);
    server.comeBack();
    server.restart();
    await passing(9000);
    expect(await asked).toMatchObject({
      kind: "restarted",
      title: "The server was restarted",
      detail: "Look whether this was done, and do it again if not.",
    });
    expect(server.inputs("updateThread")).toHaveLength(1);
    const again = store.request({ type: "set", title: "Again" });
    await passing();
    await again;
    expect(store.thread.value.title).toBe("Again");
  });

  test("is no reason to ask for ever where only the socket gets through", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.status = 502;
    const asked = refusal(store.request({ type: "run" }));
    await passing(30_000);
    expect(await asked).toMatchObject({ title: "The server does not answer" });
  });
});

describe("a page that has gone", () => {
  test("tries no more to open a thread", async () => {
    const server = new FakeServer({ snapshot: start });
    server.status = 502;
    open();
    await passing(3000);
    end();
    await passing(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("a server that was restarted", () => {
  test("goes on from a snapshot where it knows no revisions any more", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    store.drafts.text.value = "half a question";
    server.kernel.channel.send({ type: "set", title: "Meanwhile", request: "x" });
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("live");
    expect(store.thread.value.title).toBe("Meanwhile");
    expect(store.drafts.text.value).toBe("half a question");
  });

  test("is asked for another new thread silently, and what is written in it stays", async () => {
    const server = new FakeServer();
    const store = open();
    await passing();
    const before = store.thread.value.id;
    const titled = store.request({ type: "set", title: "Mine" });
    await passing();
    await titled;
    store.drafts.text.value = "half a question";
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("live");
    expect(store.thread.value.id).not.toBe(before);
    expect(store.drafts.text.value).toBe("half a question");
    expect(server.inputs("createThread").at(-1)).toMatchObject({ title: "Mine" });
  });

  test("that has lost a thread leaves what can be read of it", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.missing.add("t");
    server.restart();
    await passing(9000);
    expect(store.status.value).toBe("missing");
    expect(store.path.value).toHaveLength(1);
  });
});

describe("a login that has ended", () => {
  test("is said once a request is refused, and forgotten when it is renewed", async () => {
    const server = new FakeServer({ snapshot: start });
    const store = await opened(server);
    server.status = 403;
    const asked = refusal(store.request({ type: "run" }));
    await passing();
    expect(await asked).toMatchObject({ kind: "signed-out", title: "You are logged out" });
    expect(store.status.value).toBe("signed-out");
    expect(store.login).toBe("/login");
    server.status = undefined;
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
  });

  test("is found out where it is the reason that there is no connection", async () => {
    const server = new FakeServer({ snapshot: start });
    FakeSocket.onMade = (socket) => queueMicrotask(() => socket.end(1006));
    server.status = 403;
    const store = open({ thread: "t" });
    await passing(1000);
    expect(store.status.value).toBe("signed-out");
  });

  test("before a new thread could be made has it made after it", async () => {
    const server = new FakeServer();
    server.status = 401;
    const store = open();
    await passing();
    expect(store.status.value).toBe("signed-out");
    server.status = undefined;
    store.tryNow();
    await passing();
    expect(store.status.value).toBe("live");
    expect(store.thread.value).not.toBe(emptyThread);
  });
});
