// An answer as the tokens that it came in, each tinted by how likely it was.

import { useSignal } from "@preact/signals";
import type { JSX, TargetedKeyboardEvent } from "preact";
import { useRef } from "preact/hooks";
import type { Message } from "../../model.ts";
import { useView } from "../view.ts";
import { useAsked } from "./asked.ts";
import { percent, STEPS, stepOf, visible } from "./chances.ts";
import { MoreButton } from "./more-button.tsx";
import { parseLogprobs, type TokenLogprob } from "./results.ts";

/** Tokens that are shown at a time. */
const PAGE = 2000;

export function TokensView({ message: { id } }: { message: Message }): JSX.Element {
  const view = useView();
  const asked = useAsked(view, id, { type: "logprobs", message: id }, parseLogprobs).value;
  if (asked.state === "asking") return <p class="pgw-muted">Asking for the probabilities</p>;
  if (asked.state === "refused") return <p role="alert">{asked.words}</p>;
  return (
    <>
      <TokenText tokens={asked.value} />
      <div class="pgw-legend">
        <span>Probability of each token:</span>
        {STEPS.map(({ words }, i) => (
          <span key={words}>
            <i class={`pgw-token-${i}`} />
            {words}
          </span>
        ))}
      </div>
    </>
  );
}

/** One tab stop; the arrows go from token to token, Enter shows what else could have come. */
function TokenText({ tokens }: { tokens: readonly TokenLogprob[] }): JSX.Element {
  const view = useView();
  const place = useRef<HTMLDivElement>(null);
  const at = useSignal(0);
  const shown = useSignal(PAGE);

  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    const last = Math.min(shown.value, tokens.length) - 1;
    const to: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(at.value + 1, last),
      ArrowLeft: Math.max(at.value - 1, 0),
      Home: 0,
      End: last,
    };
    const target = event.target as HTMLElement;
    const next = to[event.key];
    if (event.key === "Enter" || event.key === " ") target.click();
    else if (next === undefined) return;
    else {
      at.value = next;
      place.current?.querySelectorAll<HTMLElement>("[data-token]")[next]?.focus();
    }
    // The message has keys of its own.
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is a box of form fields */}
      <div
        ref={place}
        class="pgw-tokentext"
        role="group"
        aria-label="Tokens with their probabilities"
        onKeyDown={onKeyDown}
      >
        {tokens.slice(0, shown.value).map((token, i) => (
          // A real button would not break its lines as text does.
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the whole text
          // biome-ignore lint/a11y/useSemanticElements: see above
          <span
            key={i}
            data-token
            role="button"
            tabIndex={i === at.value ? 0 : -1}
            class={`pgw-token-${stepOf(token.logprob)}`}
            aria-label={`${visible(token.token)}, ${percent(token.logprob)}`}
            aria-haspopup="dialog"
            aria-expanded="false"
            title={percent(token.logprob)}
            onClick={(event) => {
              at.value = i;
              view.openMenu(event.currentTarget, "start", () => <Alternatives of={token} />);
            }}
          >
            {token.token}
          </span>
        ))}
      </div>
      <MoreButton shown={shown} all={tokens.length} page={PAGE} name="tokens" />
    </>
  );
}

function Alternatives({ of: { token, logprob, top } }: { of: TokenLogprob }): JSX.Element {
  const view = useView();
  const all = top.some((each) => each.token === token) ? top : [{ token, logprob }, ...top];
  return (
    <div
      class="pgw-menu pgw-card pgw-chances"
      role="dialog"
      aria-label={`What could have come for ${visible(token)}`}
      tabIndex={-1}
      ref={(card: HTMLElement | null) => card?.focus({ preventScroll: true })}
      onKeyDown={(event) => {
        if (event.key !== "Tab") return;
        event.preventDefault();
        view.close();
      }}
    >
      <table>
        <tbody>
          {all.map((each, i) => (
            <tr key={i} class={each.token === token ? "is-chosen" : ""}>
              <th scope="row">{visible(each.token)}</th>
              <td>{percent(each.logprob)}</td>
              <td>{each.logprob.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {top.length === 0 && <p>No alternatives were asked for. Set Logprobs to 1 or more.</p>}
    </div>
  );
}
