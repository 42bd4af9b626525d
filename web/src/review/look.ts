import { css } from "lit";

/** What the queues have in common: the list at the side, the item, the buttons that decide. */
export const reviewLook = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
    min-width: 0;
  }
  .progress {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25rem 0.75rem;
    margin: 0;
    font-size: 0.9rem;
  }
  progress {
    width: 10rem;
    accent-color: var(--accent);
  }
  .desk {
    display: grid;
    grid-template-columns: 18rem minmax(0, 1fr);
    align-items: start;
    gap: 1.25rem;
  }
  .list {
    display: grid;
    max-height: 34rem;
    overflow-y: auto;
    margin: 0;
    padding: 0;
    list-style: none;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round-big);
  }
  .list button {
    display: flex;
    justify-content: space-between;
    width: 100%;
    padding: 0.5rem 0.75rem;
    text-align: start;
    color: var(--ink);
    border: 0;
    border-bottom: 1px solid var(--line);
    border-radius: 0;
  }
  .list button:focus-visible {
    outline-offset: -2px;
  }
  .list [aria-current="true"] {
    background: var(--accent-soft);
  }
  .list .count {
    font-size: 0.85rem;
    color: var(--faint);
    font-variant-numeric: tabular-nums;
  }
  .list [aria-current="true"] .count {
    color: var(--ink);
  }
  .item {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
    min-width: 0;
  }
  .item h3 {
    font-size: 1.15rem;
    overflow-wrap: anywhere;
  }
  .item h3:focus {
    outline: none;
  }
  .under {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.35rem 0.6rem;
    font-size: 0.9rem;
    color: var(--faint);
  }
  .decide {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem;
  }
  kbd {
    min-width: 1.35rem;
    padding: 0 0.3rem;
    font: 0.8rem var(--digits);
    text-align: center;
    text-transform: uppercase;
    border: 1px solid currentcolor;
    border-radius: 4px;
  }
  .steps {
    display: flex;
    justify-content: space-between;
    gap: 0.5rem;
  }
  @media (max-width: 860px) {
    .desk {
      grid-template-columns: minmax(0, 1fr);
    }
    .list {
      display: none;
    }
    .decide button {
      flex: 1 1 100%;
    }
  }
  @media (hover: none) and (max-width: 860px) {
    kbd {
      display: none;
    }
  }
`;
