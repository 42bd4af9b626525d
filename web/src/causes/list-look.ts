import { css } from "lit";

export const listLook = css`
  :host {
    display: block;
    width: 100%;
    max-width: 96rem;
    margin: 0 auto;
    padding: 1.25rem 1.5rem 3rem;
  }
  .page {
    display: grid;
    grid-template-columns: 15.5rem minmax(0, 1fr);
    gap: 1.75rem;
  }
  aside[hidden] + section {
    grid-column: 1 / -1;
  }
  section {
    container-type: inline-size;
    min-width: 0;
  }
  .head {
    display: grid;
    grid-template-columns: 1fr auto;
    align-items: baseline;
    gap: 0.15rem 1rem;
    margin-bottom: 1rem;
  }
  .head h2 {
    font-size: 1.4rem;
    letter-spacing: -0.01em;
  }
  .head > :not(h2, button) {
    grid-column: 1 / -1;
  }
  .summary,
  .as-of {
    margin: 0;
  }
  .as-of {
    font-size: 0.82rem;
    color: var(--faint);
  }
  .explained {
    width: 100%;
    height: 6px;
    margin: 0.3rem 0;
    background: var(--raised);
    border-radius: 3px;
    overflow: hidden;
  }
  .explained rect {
    fill: var(--accent);
  }
  ol {
    display: grid;
    gap: 0.75rem;
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .further {
    margin-top: 1rem;
  }
  .waiting {
    margin-bottom: 1rem;
  }
  .waiting p {
    max-width: 40rem;
    color: var(--faint);
  }
  code {
    padding: 0.3rem 0.6rem;
    font-family: var(--digits);
    font-size: 0.88rem;
    background: var(--raised);
    border-radius: var(--round);
  }
  .fold {
    display: none;
  }
  @media (max-width: 60rem) {
    :host {
      padding: 1rem;
    }
    .page {
      grid-template-columns: minmax(0, 1fr);
      gap: 1rem;
    }
    .fold {
      display: inline-flex;
    }
    m-cause-filters:not(.shown) {
      display: none;
    }
    m-cause-filters {
      margin-top: 0.75rem;
    }
  }
  @media (max-width: 30rem) {
    :host {
      padding: 0.75rem;
    }
    .head h2 {
      font-size: 1.2rem;
    }
  }
`;
