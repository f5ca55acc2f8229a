import { Component, type FunctionComponent, h } from "preact";

/** A component that renders again only for other props, or for a signal that it reads itself. */
export function memo<P extends object>(inner: FunctionComponent<P>): FunctionComponent<P> {
  class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      return differs(this.props, next) || differs(next, this.props);
    }
    render() {
      return h(inner, this.props as P & { children?: never });
    }
  }
  return Memo as unknown as FunctionComponent<P>;
}

function differs(a: object, b: object): boolean {
  return Object.entries(a).some(([key, value]) => value !== (b as Record<string, unknown>)[key]);
}
