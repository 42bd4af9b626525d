import type { LitElement, ReactiveController } from "lit";
import type { Workspace } from "./workspace";

/** Draws an element again whenever its workspace has changed. */
export class Followed implements ReactiveController {
  constructor(private readonly host: LitElement & { work: Workspace }) {
    host.addController(this);
  }
  private readonly follow = () => this.host.requestUpdate();
  hostConnected(): void {
    this.host.work.addEventListener("change", this.follow);
  }
  hostDisconnected(): void {
    this.host.work.removeEventListener("change", this.follow);
  }
}
