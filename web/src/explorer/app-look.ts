import { css } from "lit";

export const appLook = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 100dvh;
  }
  .skip:not(:focus) {
    position: absolute;
    left: -100vw;
  }
  .skip:focus {
    position: absolute;
    left: 0.5rem;
    top: 0.5rem;
    z-index: 15;
  }
  header {
    display: flex;
    align-items: center;
    gap: 0 1rem;
    padding: 0 0.75rem 0 1rem;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .brand {
    padding: 0.6rem 0;
    font-weight: 700;
    font-size: 1.15rem;
    letter-spacing: -0.01em;
    color: var(--ink);
    text-decoration: none;
  }
  nav {
    display: flex;
    flex: 1;
    min-width: 0;
    overflow-x: auto;
    scrollbar-width: none;
  }
  nav a {
    padding: 0.75rem 0.7rem;
    color: var(--faint);
    text-decoration: none;
    white-space: nowrap;
    border-bottom: 2px solid transparent;
  }
  nav a:hover {
    color: var(--ink);
  }
  nav a[aria-current] {
    color: var(--accent);
    border-color: var(--accent);
    font-weight: 600;
  }
  nav a:focus-visible {
    outline-offset: -3px;
  }
  .corner {
    display: flex;
    align-items: center;
    gap: 0.15rem;
  }
  .corner .behind {
    display: grid;
    place-items: center;
    min-width: 2.25rem;
    min-height: 2.25rem;
    padding: 0;
    font: 600 0.95rem var(--digits);
    color: var(--faint);
    text-decoration: none;
    border-radius: var(--round);
  }
  .corner .behind:hover {
    color: var(--ink);
    background: var(--raised);
  }
  main {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
    outline: none;
  }
  main > :not(.heard) {
    flex: 1;
    min-width: 0;
  }
  .failed {
    flex: none;
    padding: 1rem;
    color: var(--bad);
  }
  @media (max-width: 840px) {
    header {
      flex-wrap: wrap;
    }
    nav {
      order: 3;
      flex-basis: calc(100% + 1.75rem);
      margin: 0 -0.75rem 0 -1rem;
      padding: 0 0.3rem;
      flex-wrap: wrap; /* a tab that is scrolled out of sight is not found */
      border-top: 1px solid var(--line);
    }
    nav a {
      padding: 0.55rem 0.7rem;
    }
    .corner {
      margin-left: auto;
    }
  }
`;
