import { css } from "lit";

export const tabLook = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
  }
  .head {
    padding: 0.6rem 0.75rem;
    background: var(--surface);
    border-bottom: 1px solid var(--line);
  }
  .head m-typeahead {
    display: block;
    max-width: 40rem;
  }
  m-empty {
    flex: 1;
  }
  m-graph {
    flex: 1;
  }
`;
