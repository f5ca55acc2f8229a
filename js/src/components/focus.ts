/** What has the focus in the document, or in the shadow root, that an element is in. */
export function focusedBeside(element: Element): Element | null {
  return (element.getRootNode() as Document | ShadowRoot).activeElement;
}

/** Whether nothing has the focus: what had it last is gone, and nobody has moved it elsewhere. */
export function isNowhere({ ownerDocument: { activeElement, body } }: Element): boolean {
  return activeElement === null || activeElement === body;
}
