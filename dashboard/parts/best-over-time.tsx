/// <reference lib="dom" />
import { isComparable } from '#shared/report/say.ts';
import { chance, listed, percent } from '#shared/verdict/words.ts';
import type { ReportHeadline } from '../api.ts';
import { day, tight } from '../words.ts';

type Props = {
  /** Newest first. */
  readonly headlines: readonly ReportHeadline[];
  /** What the policy asks for before a winner is named. */
  readonly bound: number;
  readonly seriesOf: (variant: string) => number;
};

const [WIDTH, HEIGHT, LEFT, BOTTOM] = [720, 200, 44, 32];

/** P(best) of every variant from report to report, with the bound of the policy. */
export function BestOverTime({ headlines, bound, seriesOf }: Props) {
  // While a variant had nobody yet, its chance and all others' rested on no visitor.
  const inOrder = headlines.filter(isComparable).reverse();
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const stretch = Math.max(1, last.writtenAt - first.writtenAt);
  const x = (at: number): number => LEFT + ((at - first.writtenAt) / stretch) * (WIDTH - LEFT - 8);
  const y = (share: number): number => 8 + (1 - share) * (HEIGHT - BOTTOM - 8);
  const said = listed(last.variants.map(({ name, best }) => `${name} ${chance(best)}`));
  return (
    <figure class="over-time">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={`Probability of being the best. Now: ${said}.`}>
        {[0, 0.5, 1].map((share) => (
          <g key={share} class="rule">
            <path d={`M${LEFT} ${y(share)}H${WIDTH - 8}`} />
            <text x={LEFT - 8} y={y(share) + 4} text-anchor="end">
              {share * 100}
            </text>
          </g>
        ))}
        <path class="bound" d={`M${LEFT} ${y(bound)}H${WIDTH - 8}`} />
        {last.variants.map(({ id }) => (
          <path
            key={id}
            class={`line series-${seriesOf(id)}`}
            d={inOrder
              .flatMap(({ writtenAt, variants }) => {
                const best = variants.find((variant) => variant.id === id)?.best;
                return best === undefined ? [] : [`${x(writtenAt).toFixed(1)} ${y(best).toFixed(1)}`];
              })
              .map((point, i) => `${i === 0 ? 'M' : 'L'}${point}`)
              .join('')}
          />
        ))}
        <text x={LEFT} y={HEIGHT - 6}>
          {day(first.writtenAt)}
        </text>
        <text x={WIDTH - 8} y={HEIGHT - 6} text-anchor="end">
          {day(last.writtenAt)}
        </text>
      </svg>
      <figcaption>
        <span class="rates">
          {last.variants.map(({ id, name }) => (
            <span key={id} class={`series-${seriesOf(id)}`}>
              <i class="swatch" aria-hidden="true" />
              {name}
            </span>
          ))}
        </span>
        The probability of being the best, per cent, as each report had it. The dashed line is what the policy asks for,{' '}
        {tight(percent(bound))}; the verdict asks for more than that.
      </figcaption>
    </figure>
  );
}
