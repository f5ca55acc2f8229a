/** What has the focus in the document, or in the shadow root, that an element is in. */
export function focusedBeside(element: Element): Element | null {
  return (element.getRootNode() as Document | ShadowRoot).activeElement;
}
