// A WebSocket that a test drives from the server's end.

import { vi } from "vitest";

type Message = Record<string, unknown>;

export class FakeSocket {
  /** All that were made, oldest first. */
  static made: FakeSocket[] = [];
  /** Is told of each that is made. */
  static onMade: (socket: FakeSocket) => void = () => undefined;

  /** Puts it in the place of the browser's until the test ends. */
  static install(): void {
    FakeSocket.made = [];
    FakeSocket.onMade = () => undefined;
    vi.stubGlobal("WebSocket", FakeSocket);
  }

  static get last(): FakeSocket {
    const last = FakeSocket.made.at(-1);
    if (!last) throw new Error("No connection was made");
    return last;
  }

  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  /** What the page sent, oldest first. */
  readonly sent: Message[] = [];
  /** How the page closed it. */
  closed: { readonly code: number | undefined; readonly reason: string } | undefined;
  /** Is told each message of the page. */
  onSent: (message: Message) => void = () => undefined;

  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.made.push(this);
    FakeSocket.onMade(this);
  }

  // ------------------------------------------------------------------ what the page calls

  send(data: string): void {
    if (this.readyState !== 1) throw new Error("The socket is not open");
    const message = JSON.parse(data) as Message;
    this.sent.push(message);
    this.onSent(message);
  }

  close(code?: number, reason = ""): void {
    this.readyState = 3;
    this.closed = { code, reason };
  }

  // ------------------------------------------------------------------- what a test calls

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(message: Message): void {
    this.sayText(JSON.stringify(message));
  }

  sayText(data: unknown): void {
    if (this.readyState === 1) this.onmessage?.({ data });
  }

  /** The connection ends. */
  end(code = 1006, reason = ""): void {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code, reason });
  }

  /** Opens and acknowledges, as a server does that is there. */
  accept(): void {
    this.open();
    this.say({ type: "connection_ack" });
  }

  sentOf(type: string): Message[] {
    return this.sent.filter((message) => message.type === type);
  }
}
