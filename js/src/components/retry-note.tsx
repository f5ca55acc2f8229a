// The wait before a run asks, or asks again.

import type { JSX } from "preact";
import type { Retry } from "../model.ts";
import { iconOf } from "./error-note.tsx";
import { counting } from "./format.ts";
import { useClock } from "./hooks.ts";
import { Icon } from "./icons.tsx";
import { useView } from "./view.ts";
import { countdown, seenAt } from "./waits.ts";

export function RetryNote({ retry }: { retry: Retry }): JSX.Element {
  const view = useView();
  const now = useClock(250, true);
  const { left, share } = countdown(retry.wait, (now - seenAt(retry)) / 1000);
  // A wait before the first attempt is for a limit that was set: nothing has been asked yet.
  const held = retry.attempt === 1;
  const time = <b class="pgw-num">{counting(left)}</b>;
  return (
    <div class="pgw-note pgw-note--warn">
      <Icon name={iconOf(retry.error, "clock")} />
      <div class="pgw-note__body">
        <div role="status">
          <h3>{retry.error.title}</h3>
        </div>
        <p>
          {retry.error.detail ? `${retry.error.detail} ` : "Your message is kept. "}
          {held ? (
            <>It is sent {left === 0 ? "now." : <>in {time}, when the rate limit allows it.</>}</>
          ) : (
            <>
              Trying again {left === 0 ? "now" : <>in {time}</>} (attempt {retry.attempt} of{" "}
              {retry.attempts}).
            </>
          )}
        </p>
        {view.writable.value && (
          <div class="pgw-note__acts">
            <button
              type="button"
              class="pgw-btn pgw-btn--line"
              onClick={() => void view.ask({ type: "retry_now" })}
            >
              {held ? "Send now" : "Try now"}
            </button>
            <button
              type="button"
              class="pgw-btn pgw-btn--quiet"
              onClick={() => void view.ask({ type: "stop" })}
            >
              {held ? "Stop" : "Stop trying"}
            </button>
          </div>
        )}
      </div>
      <i class="pgw-note__time" style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </div>
  );
}
