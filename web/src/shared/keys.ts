import type { LitElement, ReactiveController } from "lit";
import { keep, readKept } from "./kept";

/** A key that does something while an element is on the screen. */
export interface Shortcut {
  /** As `KeyboardEvent.key` has it: `e`, `?`, `Delete`. */
  key: string;
  /** With Ctrl, or the command key of a Mac. */
  ctrl?: boolean;
  shift?: boolean;
  does: string;
  /** Where it is heard, if not everywhere: as on a canvas alone. */
  when?: (event: KeyboardEvent) => boolean;
  run: (event: KeyboardEvent) => void;
}

const active = new Set<Keys>();

/** Whether keys without Ctrl do anything: who dictates, or presses keys by mistake, can switch them off. */
export function singleKeys(): boolean {
  return readKept("keys") !== "off";
}

export function setSingleKeys(on: boolean): void {
  keep("keys", on ? null : "off");
}

/** What keys do now, for the page of help: in the order in which elements came. */
export function shortcuts(): Shortcut[] {
  return [...active].filter((keys) => keys.shown).flatMap((keys) => keys.list());
}

/** Shortcuts of an element: `new Keys(this, () => [{ key: "e", does: say("expand"), run: () => this.expand() }])`. */
export class Keys implements ReactiveController {
  constructor(
    private readonly host: LitElement,
    readonly list: () => Shortcut[],
  ) {
    host.addController(this);
  }

  get shown(): boolean {
    return this.host.checkVisibility();
  }

  hostConnected(): void {
    active.add(this);
  }

  hostDisconnected(): void {
    active.delete(this);
  }
}

function isTyping(event: KeyboardEvent): boolean {
  const at = event.composedPath()[0];
  if (!(at instanceof HTMLElement)) return false;
  const written = at instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(at.type);
  return written || at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement || at.isContentEditable;
}

function isMeant({ key, ctrl, shift, when }: Shortcut, event: KeyboardEvent, pressed: boolean): boolean {
  const same = key.toLowerCase() === event.key.toLowerCase() && !!ctrl === pressed && (shift === undefined || shift === event.shiftKey);
  return same && (when?.(event) ?? true);
}

function hear(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.altKey || isTyping(event)) return;
  const ctrl = event.ctrlKey || event.metaKey;
  if (!ctrl && !singleKeys()) return;
  // Those that came last are the nearest; behind a dialog nothing is heard.
  if (event.composedPath().some((one) => one instanceof HTMLDialogElement)) return;
  for (const keys of [...active].reverse()) {
    if (!keys.shown) continue;
    const found = keys.list().find((one) => isMeant(one, event, ctrl));
    if (!found) continue;
    event.preventDefault();
    found.run(event);
    return;
  }
}

if (typeof document !== "undefined") document.addEventListener("keydown", hear);
