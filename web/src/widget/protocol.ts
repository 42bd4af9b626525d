// What the page of a CRM and the page in its frame say to each other. Types alone: neither side trusts what comes.

/** From the element to the frame: whom to show, and how. Everything each time; what is missing is empty. */
export interface Shown {
  motivo: "show";
  customer: string;
  token: string;
  language: string;
  scheme: string;
  /** What the host's custom properties say, by their name without `--motivo-`. */
  theme: Record<string, string>;
}

/** What the frame shows at present. */
export type State = "loading" | "shown" | "nobody" | "signed-out" | "refused" | "other" | "unknown" | "failed" | "unreachable";

/** From the frame to the element. */
export type Told =
  | { motivo: "ready" }
  | { motivo: "height"; height: number }
  /** A new token is needed, soon or now. */
  | { motivo: "refresh" }
  | { motivo: "state"; state: State };
