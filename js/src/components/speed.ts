// The live speed of an answer, from samples of how many tokens have come.

/** How far back the shown speed looks, in milliseconds. */
const WINDOW = 2000;
/** Points in the line beside it. */
const POINTS = 20;

interface Sample {
  readonly at: number;
  readonly tokens: number;
}

/** Takes a sample now and then (about four times a second) and tells speed and trend. */
export class SpeedMeter {
  #samples: Sample[] = [];
  #trend: number[] = [];

  /** @param at milliseconds, of a clock that only goes forward */
  sample(at: number, tokens: number): void {
    this.#samples.push({ at, tokens });
    const start = at - WINDOW;
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? at) <= start) this.#samples.shift();
    const speed = this.perSecond;
    if (speed === undefined) return;
    this.#trend.push(speed);
    if (this.#trend.length > POINTS) this.#trend.shift();
  }

  /** Tokens per second over the last two seconds, or undefined before there are two samples. */
  get perSecond(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || !last || last.at <= first.at) return undefined;
    return ((last.tokens - first.tokens) * 1000) / (last.at - first.at);
  }

  /** The trend as an SVG path in a box of `width` by `height`, or "" while there is no line. */
  path(width: number, height: number): string {
    if (this.#trend.length < 2) return "";
    const top = Math.max(...this.#trend, 1);
    const step = (width - 2) / (this.#trend.length - 1);
    const points = this.#trend.map((speed, i) => {
      const x = 1 + i * step;
      const y = height - 2 - (speed / top) * (height - 4);
      return `${x.toFixed(1)} ${y.toFixed(1)}`;
    });
    return `M${points.join("L")}`;
  }
}
