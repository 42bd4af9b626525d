import { css } from "lit";

export const pageLook = css`
  :host {
    display: block;
    padding: 1rem;
  }
  .page {
    display: grid;
    grid-template-columns: 16rem minmax(0, 1fr);
    gap: 1.5rem;
    max-width: 96rem;
    margin: 0 auto;
  }
  .main {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    align-content: start;
    gap: 1rem;
    min-width: 0;
  }
  summary {
    margin-bottom: 0.75rem;
    font-weight: 650;
    cursor: pointer;
  }
  .hits {
    display: flex;
    align-items: center;
    gap: 0.4rem;
    margin-bottom: 0.75rem;
    font-size: 0.85rem;
    color: var(--faint);
  }
  .side > .plain {
    margin-top: 1rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    justify-content: space-between;
    gap: 0.75rem 1rem;
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem;
  }
  .controls label {
    font-size: 0.82rem;
    font-weight: 400;
    color: var(--faint);
  }
  nav {
    display: flex;
    border: 1px solid var(--edge);
    border-radius: var(--round);
    overflow: hidden;
  }
  nav a {
    padding: 0.35rem 0.9rem;
    font-size: 0.9rem;
    color: var(--ink);
    text-decoration: none;
  }
  nav a[aria-current] {
    font-weight: 600;
    color: var(--accent);
    background: var(--accent-soft);
  }
  nav a:focus-visible {
    outline-offset: -2px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .chip button {
    padding: 0 0.15rem;
    color: inherit;
  }
  @media (max-width: 860px) {
    .page {
      grid-template-columns: minmax(0, 1fr);
      gap: 0.75rem;
    }
    .side {
      padding: 0.6rem 0.75rem;
      background: var(--surface);
      border: 1px solid var(--line);
      border-radius: var(--round-big);
    }
    .side:not([open]) summary {
      margin: 0;
    }
  }
  @media (max-width: 480px) {
    .controls {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 0.6rem;
    }
    .controls input {
      padding-inline: 0.35rem;
    }
    .controls .field {
      grid-template-columns: minmax(0, 1fr);
      min-width: 0;
    }
    .controls select,
    .controls input {
      width: 100%;
      min-width: 0;
    }
  }
`;
