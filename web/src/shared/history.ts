/** States that can be undone and redone. States are never changed: each step gives a new one. */
export class Steps<S> extends EventTarget {
  private readonly before: S[] = [];
  private after: S[] = [];

  constructor(
    private now: S,
    private readonly most = 200,
  ) {
    super();
  }

  get state(): S {
    return this.now;
  }

  get canUndo(): boolean {
    return this.before.length > 0;
  }

  get canRedo(): boolean {
    return this.after.length > 0;
  }

  /** Goes on to another state. */
  take(next: S): void {
    if (next === this.now) return;
    this.before.push(this.now);
    if (this.before.length > this.most) this.before.shift();
    this.after = [];
    this.set(next);
  }

  undo(): void {
    const last = this.before.pop();
    if (last === undefined) return;
    this.after.push(this.now);
    this.set(last);
  }

  redo(): void {
    const next = this.after.pop();
    if (next === undefined) return;
    this.before.push(this.now);
    this.set(next);
  }

  /** Goes back or on to a state that was; false if there is none such. */
  seek(fits: (state: S) => boolean): boolean {
    if (fits(this.now)) return true;
    const all = [...this.before, this.now, ...[...this.after].reverse()];
    const at = all.map(fits).lastIndexOf(true);
    if (at < 0) return false;
    this.before.splice(0, this.before.length, ...all.slice(0, at));
    this.after = all.slice(at + 1).reverse();
    this.set(all[at] as S);
    return true;
  }

  private set(state: S): void {
    this.now = state;
    this.dispatchEvent(new Event("change"));
  }
}
