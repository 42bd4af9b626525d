import type { ReactiveController, ReactiveControllerHost } from "lit";
import { type Place, place, places } from "./place";

/**
 * The place of one tab, for an element in it: it is drawn again when that changes. While another tab is shown, it stays
 * where it was.
 */
export class Placed implements ReactiveController {
  private last: Place;

  constructor(
    private readonly host: ReactiveControllerHost,
    readonly tab: string,
  ) {
    const here = place();
    this.last = here.tab === tab ? here : { tab, path: [], chosen: new URLSearchParams() };
    host.addController(this);
  }

  get path(): readonly string[] {
    return this.last.path;
  }

  get chosen(): URLSearchParams {
    return this.last.chosen;
  }

  /** Whether the tab is the one that is shown. */
  get shown(): boolean {
    return place().tab === this.tab;
  }

  private readonly follow = () => {
    const here = place();
    if (here.tab !== this.tab) return;
    this.last = here;
    this.host.requestUpdate();
  };

  hostConnected(): void {
    places.addEventListener("change", this.follow);
    this.follow();
  }

  hostDisconnected(): void {
    places.removeEventListener("change", this.follow);
  }
}
