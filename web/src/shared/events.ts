/** Fires an event of an element with what it is about; returns false where a listener prevented it. */
export function fire<D>(element: EventTarget, name: string, detail: D, cancelable = false): boolean {
  return element.dispatchEvent(new CustomEvent<D>(name, { detail, cancelable }));
}
