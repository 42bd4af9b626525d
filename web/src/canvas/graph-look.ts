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
  .zoom {
    position: absolute;
    right: 0.6rem;
    bottom: 0.6rem;
    display: grid;
    gap: 0.25rem;
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
  @container (max-width: 760px) {
    aside {
      inset: auto 0 0;
      width: auto;
      height: 55%;
      border-inline-start: 0;
      border-top: 1px solid var(--line);
      border-radius: var(--round-big) var(--round-big) 0 0;
      box-shadow: var(--shadow);
      z-index: 2;
    }
    .panelled .views {
      right: 0;
      bottom: 55%;
    }
    .zoom {
      grid-auto-flow: column;
    }
    .panelled m-legend,
    .both m-canvas {
      display: none;
    }
  }
`;
