// What a notebook gives a widget's front-end, as far as this one uses it.

/** anywidget's handle on the model; each view and `initialize` get one of their own. */
export interface AnyModel {
  get(name: string): unknown;
  set(name: string, value: unknown): void;
  send(content: object, callbacks?: undefined, buffers?: readonly Uint8Array[]): void;
  on(event: string, callback: (...args: unknown[]) => void): void;
  off(event: string, callback: (...args: unknown[]) => void): void;
  /** The host's own; what it offers differs from host to host. */
  readonly widget_manager?: unknown;
}
