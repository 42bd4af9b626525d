import { css } from "lit";

/** What the parts of the page have in common. */
export const analysisLook = css`
  :host {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
    min-width: 0;
  }
  .figures {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1rem;
  }
  .figures.busy {
    opacity: 0.6; /* of what was asked before */
  }
  .controls {
    display: flex;
    flex-wrap: wrap;
    align-items: end;
    gap: 0.75rem;
  }
  .controls .field {
    min-width: 0;
  }
  .controls select {
    max-width: min(17rem, 100%);
  }
  .controls label {
    font-size: 0.82rem;
    font-weight: 400;
    color: var(--faint);
  }
  .controls input {
    width: 6rem;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    justify-content: space-between;
    gap: 0.25rem 1rem;
  }
  .notes {
    display: grid;
    gap: 0.15rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.85rem;
    color: var(--faint);
  }
  .files {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.5rem;
    font-size: 0.85rem;
    color: var(--faint);
  }
  .files button {
    min-height: 1.9rem;
    font-size: 0.85rem;
  }
  m-sparkline {
    width: 7rem;
  }
  @media (max-width: 480px) {
    .controls {
      display: grid;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 0.6rem;
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
