import { css } from "lit";

export const chartLook = css`
  :host {
    display: block;
    min-width: 0;
  }
  figure {
    margin: 0;
  }
  figcaption {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 1rem;
    margin-bottom: 0.35rem;
    font-weight: 600;
    font-size: 0.92rem;
  }
  button[aria-pressed="true"].plain {
    background: var(--accent-soft);
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 0.1rem 0.9rem;
    margin: 0 0 0.35rem;
    padding: 0;
    list-style: none;
    font-size: 0.85rem;
  }
  .legend li {
    display: flex;
    align-items: center;
    gap: 0.4rem;
  }
  .legend button {
    padding: 0.05rem 0.25rem;
    font-size: inherit;
    text-align: start;
    color: var(--ink);
  }
  .legend svg {
    width: 22px;
    height: 10px;
  }
  .pointed {
    font-weight: 600;
  }
  .plot {
    display: block;
    overflow: visible;
    touch-action: pan-y;
  }
  .plot text {
    font-size: 12px;
    fill: var(--faint);
    font-variant-numeric: tabular-nums;
  }
  .grid {
    stroke: var(--line);
    stroke-dasharray: 2 4;
  }
  .zero {
    stroke: var(--edge);
  }
  .line {
    fill: none;
    stroke-width: 2.25;
    stroke-linejoin: round;
  }
  .band {
    opacity: 0.16;
  }
  .faded {
    opacity: 0.3;
  }
  .at {
    stroke: var(--faint);
  }
  .dot {
    stroke: var(--surface);
    stroke-width: 1.5;
  }
  .mark {
    stroke: var(--bad);
    stroke-width: 1.5;
    stroke-dasharray: 4 3;
  }
  .plot .mark-label {
    fill: var(--ink);
    font-weight: 600;
  }
  .bars {
    display: grid;
    grid-template-columns: minmax(5rem, max-content) 1fr;
    gap: 0.45rem 0.75rem;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 0.9rem;
  }
  .bars li {
    display: grid;
    grid-template-columns: subgrid;
    grid-column: 1 / -1;
    align-items: center;
    border-radius: var(--round);
  }
  .bars .chosen {
    background: var(--accent-soft);
  }
  .name {
    max-width: 16rem;
    text-align: start;
    overflow-wrap: anywhere;
    line-height: 1.25;
  }
  button.name {
    justify-content: start;
    font-size: inherit;
  }
  .values {
    display: grid;
    grid-template-columns: 1fr max-content;
    align-items: center;
    gap: 0.15rem 0.6rem;
  }
  .bar {
    width: 100%;
    height: 0.9rem;
    overflow: visible;
  }
  .halo {
    stroke: var(--surface);
    stroke-width: 4.5;
  }
  .whisker {
    stroke: var(--ink);
    stroke-width: 1.5;
  }
  .value {
    font-variant-numeric: tabular-nums;
  }
  .range {
    font-size: 0.82rem;
    color: var(--faint);
  }
  @media (max-width: 480px) {
    .bars li {
      grid-template-columns: 1fr;
    }
    .name {
      max-width: none;
    }
  }
  .plot.choosable {
    cursor: pointer;
  }
`;
