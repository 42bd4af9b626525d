import { css } from "lit";

// What elements that draw themselves take from the common look: theme.css gives the names of colours and distances,
// these give what is drawn with them. An element lists those it uses: `static styles = [base, controls, css`...`]`.

/** What every element needs: sizes that include their border, a visible focus, `hidden` that hides. */
export const base = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  /* Said to those who listen, not shown to those who look. */
  .heard {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    padding: 0;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
    border: 0;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Buttons: `main` for what one came to do, `plain` without a border, `bad` for what is not easily undone. */
export const buttons = css`
  button,
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.4rem;
    min-height: 2.25rem;
    padding: 0.3rem 0.8rem;
    font: inherit;
    font-size: 0.9rem;
    color: var(--ink);
    text-decoration: none;
    background: var(--surface);
    border: 1px solid var(--edge);
    border-radius: var(--round);
    cursor: pointer;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: var(--raised);
  }
  button:disabled {
    color: var(--faint);
    background: var(--raised);
    border-color: var(--line);
    cursor: not-allowed;
  }
  button[aria-pressed="true"] {
    color: var(--accent);
    background: var(--accent-soft);
    border-color: var(--accent);
  }
  button.main:not(:disabled),
  .button.main {
    font-weight: 600;
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--accent) 85%, var(--ink));
  }
  button.bad:not(:disabled) {
    color: var(--bad);
    border-color: var(--bad);
  }
  button.plain {
    min-height: 0;
    padding: 0.15rem 0.35rem;
    color: var(--accent);
    background: none;
    border-color: transparent;
  }
  button.plain:hover:not(:disabled) {
    text-decoration: underline;
    background: none;
  }
  button.icon {
    width: 2.25rem;
    padding: 0;
  }
  button svg {
    flex: none;
    width: 1.1em;
    height: 1.1em;
  }
`;

/** Fields to fill in; a `.field` is a label above its input, with a `.hint` or `.problem` below. */
export const inputs = css`
  input,
  select,
  textarea {
    font: inherit;
    font-size: 0.9rem;
    color: var(--ink);
    background: var(--surface);
  }
  input:not([type="checkbox"], [type="radio"], [type="range"]),
  select,
  textarea {
    min-height: 2.25rem;
    max-width: 100%;
    padding: 0.3rem 0.55rem;
    border: 1px solid var(--edge);
    border-radius: var(--round);
  }
  input::placeholder,
  textarea::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  input[aria-invalid="true"] {
    border-color: var(--bad);
  }
  input[type="checkbox"],
  input[type="radio"],
  input[type="range"] {
    accent-color: var(--accent);
  }
  .field {
    display: grid;
    gap: 0.25rem;
  }
  label,
  legend {
    font-size: 0.9rem;
  }
  .field > label {
    font-weight: 600;
  }
  .hint {
    font-size: 0.85rem;
    color: var(--faint);
  }
  .problem {
    color: var(--bad);
  }
`;

/** Surfaces and small signs: `.panel`, `.chip`, `.figure` (a number with what it counts below). */
export const panels = css`
  .panel {
    padding: 1rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round-big);
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    padding: 0.05rem 0.5rem;
    font-size: 0.82rem;
    color: var(--ink);
    background: var(--raised);
    border-radius: 999px;
  }
  .chip.accent {
    color: var(--accent);
    background: var(--accent-soft);
  }
  .chip.bad {
    color: var(--bad);
    background: var(--bad-soft);
  }
  .chip.good {
    color: var(--good);
    background: var(--good-soft);
  }
  .chip.warn {
    color: var(--warn);
    background: var(--warn-soft);
  }
  .faint {
    color: var(--faint);
  }
  .digits {
    font-variant-numeric: tabular-nums;
  }
  .figure {
    display: grid;
    gap: 0.05rem;
  }
  .figure > :first-child {
    font-size: 1.2rem;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    line-height: 1.2;
  }
  .figure > :last-child {
    font-size: 0.82rem;
    color: var(--faint);
  }
`;

/** Text: headings, paragraphs, links. */
export const prose = css`
  h1,
  h2,
  h3 {
    margin: 0;
    line-height: 1.25;
    text-wrap: balance;
  }
  h1 {
    font-size: 1.35rem;
  }
  h2 {
    font-size: 1.1rem;
  }
  h3 {
    font-size: 0.95rem;
  }
  p {
    margin: 0.4rem 0;
    text-wrap: pretty;
  }
  a {
    color: var(--accent);
  }
`;

/** Buttons and fields together. */
export const controls = [buttons, inputs];
