// The little of a browser that logic needs: where one is, what is kept, and events. Import it first.
class Kept {
  private readonly values = new Map<string, string>();
  getItem = (name: string) => this.values.get(name) ?? null;
  setItem = (name: string, value: string) => void this.values.set(name, String(value));
  removeItem = (name: string) => void this.values.delete(name);
}

const events = new EventTarget();
const been: string[] = ["#"];
let at = 0;

const location = {
  get hash() {
    return been[at]?.startsWith("#") ? (been[at] as string) : "";
  },
};
const history = {
  pushState(_state: unknown, _title: string, address: string) {
    been.splice(++at, been.length, address);
  },
  replaceState(_state: unknown, _title: string, address: string) {
    been[at] = address;
  },
};

/** Goes as Back and Forward do. */
export function step(by: number): void {
  at = Math.max(0, Math.min(been.length - 1, at + by));
  events.dispatchEvent(new Event("popstate"));
}

Object.assign(globalThis, {
  location,
  history,
  localStorage: new Kept(),
  sessionStorage: new Kept(),
  document: {
    documentElement: { lang: "", dataset: {} },
    addEventListener: () => undefined,
    createTreeWalker: () => ({}), // Lit asks for one when it is loaded
  },
  addEventListener: events.addEventListener.bind(events),
});
Object.defineProperty(globalThis, "navigator", { value: { languages: ["pt-BR", "en"] }, configurable: true });
