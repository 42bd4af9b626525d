import { css } from "lit";

export const graphLook = css`
  :host {
    flex: 1;
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 24rem;
    container-type: inline-size;
  }
  .body {
    position: relative;
    flex: 1;
  }
  .views {
    position: absolute;
    inset: 0;
    display: flex;
    flex-direction: column;
  }
  .panelled .views {
    right: 23rem;
  }
  m-canvas {
    flex: 1;
  }
  m-graph-table {
    flex: 1;
    min-height: 0;
    border-top: 1px solid var(--line);
  }
  .both m-canvas {
    flex: 1.2;
  }
  /* Beside what it is about, as high as that: it scrolls by itself. */
  aside {
    position: absolute;
    inset: 0 0 0 auto;
    width: 23rem;
    overflow: auto;
    padding: 0.9rem 1rem 1.5rem;
    background: var(--surface);
    border-inline-start: 1px solid var(--line);
  }
  aside > .shut {
    float: right;
    position: sticky;
    top: -0.4rem;
    background: var(--surface);
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin: 0.6rem 0;
  }
  .zoom {
    position: absolute;
    right: 0.6rem;
    bottom: 0.6rem;
    display: grid;
    gap: 0.25rem;
  }
  .legend {
    position: absolute;
    left: 0.6rem;
    top: 0.6rem;
    display: flex;
    flex-wrap: wrap;
    gap: 0.15rem 0.9rem;
    max-width: calc(100% - 1.2rem);
    margin: 0;
    padding: 0.3rem 0.6rem;
    font-size: 0.82rem;
    list-style: none;
    background: color-mix(in srgb, var(--ground) 88%, transparent);
    border-radius: var(--round);
    pointer-events: none;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 0.3rem;
  }
  .legend i {
    width: 0.75rem;
    height: 0.75rem;
    border-radius: 50%;
    background: var(--of);
  }
  .note {
    margin: 0;
    padding: 0.4rem 0.75rem;
    font-size: 0.9rem;
    color: var(--warn);
    background: var(--warn-soft);
  }
  m-error {
    margin: 0.6rem 0.75rem;
  }
  .busy {
    position: absolute;
    inset: 0 0 auto;
    height: 3px;
    overflow: hidden;
  }
  .busy::after {
    content: "";
    display: block;
    width: 30%;
    height: 100%;
    background: var(--accent);
    animation: pass 1.2s linear infinite;
  }
  @keyframes pass {
    from {
      margin-left: -30%;
    }
    to {
      margin-left: 100%;
    }
  }
  ul.members {
    margin: 0.5rem 0;
    padding: 0;
    list-style: none;
  }
  ul.members li {
    padding: 0.15rem 0;
  }
  ul.members button {
    text-align: start;
    overflow-wrap: anywhere;
  }
  @container (max-width: 760px) {
    aside {
      inset: auto 0 0;
      width: auto;
      max-height: 62%;
      border-inline-start: 0;
      border-top: 1px solid var(--line);
      border-radius: var(--round-big) var(--round-big) 0 0;
      box-shadow: var(--shadow);
      z-index: 2;
    }
    .panelled .views {
      right: 0;
    }
    .both m-canvas {
      display: none;
    }
  }
`;
