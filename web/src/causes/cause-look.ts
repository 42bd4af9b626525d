import { css } from "lit";

export const causeLook = css`
  :host {
    display: block;
    container-type: inline-size;
  }
  .back {
    display: inline-block;
    padding: 0.25rem 0;
    margin-bottom: 0.5rem;
    font-size: 0.9rem;
    text-decoration: none;
  }
  .back:hover {
    text-decoration: underline;
  }
  .title {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.4rem 0.75rem;
  }
  h2 {
    font-size: 1.5rem;
    letter-spacing: -0.01em;
    overflow-wrap: anywhere;
  }
  h2:focus-visible {
    outline: none;
  }
  .sentence {
    max-width: 62rem;
    margin: 0.4rem 0 0;
    font-size: 1rem;
  }
  .judge {
    margin: 0.15rem 0 0;
    font-size: 0.85rem;
    color: var(--faint);
  }
  .do {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    margin-top: 0.9rem;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 1rem 2rem;
    margin: 1.25rem 0;
    padding: 1rem 1.25rem;
    background: var(--surface);
    border: 1px solid var(--line);
    border-radius: var(--round-big);
  }
  .figures > div {
    display: flex;
    flex-direction: column;
    max-width: 14rem;
  }
  .figures .lift {
    flex: 0 1 17rem;
    min-width: 13rem;
    max-width: none;
  }
  .figures dd {
    order: 1;
    margin: 0;
    font-size: 1.35rem;
    font-weight: 650;
    line-height: 1.2;
    font-variant-numeric: tabular-nums;
  }
  .figures dt {
    order: 2;
    font-size: 0.85rem;
    color: var(--faint);
  }
  .figures dd.more {
    order: 3;
    font-size: 0.8rem;
    font-weight: 400;
    line-height: 1.4;
    color: var(--faint);
  }
  nav {
    display: flex;
    gap: 0.25rem;
    margin-bottom: 1rem;
    overflow-x: auto;
    border-bottom: 1px solid var(--line);
  }
  nav a {
    padding: 0.5rem 0.75rem;
    color: var(--faint);
    text-decoration: none;
    white-space: nowrap;
    border-bottom: 2px solid transparent;
  }
  nav a:hover {
    color: var(--ink);
  }
  nav a:focus-visible {
    outline-offset: -3px;
  }
  nav a[aria-current] {
    color: var(--accent);
    font-weight: 600;
    border-color: var(--accent);
  }
  .overview {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 1rem;
  }
  .overview > div {
    display: grid;
    align-content: start;
    gap: 1rem;
    min-width: 0;
  }
  .panel h3 {
    margin-bottom: 0.5rem;
  }
  .panel > .hint {
    margin: 0 0 0.6rem;
  }
  m-chart + .hint {
    margin: 0.4rem 0 0;
  }
  m-quote + m-quote {
    margin-top: 0.8rem;
  }
  details {
    margin-top: 0.9rem;
    font-size: 0.9rem;
  }
  summary {
    margin-bottom: 0.5rem;
    color: var(--accent);
    cursor: pointer;
  }
  .origins {
    display: grid;
    gap: 0.4rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  @container (max-width: 52rem) {
    .overview {
      grid-template-columns: minmax(0, 1fr);
    }
  }
  @container (max-width: 30rem) {
    h2 {
      font-size: 1.2rem;
    }
    .figures {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 0.9rem;
      padding: 0.9rem;
    }
    .figures .lift {
      grid-column: 1 / -1;
    }
  }
`;
