/// <reference lib="dom" />
import { people, percent } from '#shared/verdict/words.ts';
import type { ShownLadder } from '../standing.ts';

/** One ladder to be climbed: everyone assigned at the foot, the goal on top, and a bar as long as the share that came so far. */
export function Ladder({ ladder, longest, series }: { ladder: ShownLadder; longest: number; series: number }) {
  const rows = [...ladder.rungs].reverse();
  return (
    <figure class={`ladder series-${series}`}>
      <figcaption>
        <span class="ladder-name">{ladder.name}</span>
        {ladder.control && <span class="tag">control</span>}
      </figcaption>
      <ol reversed aria-label={`Steps of ${ladder.name}, the goal first`}>
        {rows.map((rung, i) => (
          <li key={rung.id} class={i === 0 ? 'goal' : ''}>
            <span class="rung-name">{rung.name}</span>
            <span class={rung.observed ? 'bar' : 'bar uncounted'}>
              <i style={{ '--share': longest === 0 ? 0 : rung.share / longest }} aria-hidden="true" />
              {rung.observed ? (
                <span class="rung-count">
                  <b>{people(rung.reached)}</b> <small>{ladder.visitors === 0 ? '–' : percent(rung.share)}</small>
                </span>
              ) : (
                <small>not counted</small>
              )}
            </span>
          </li>
        ))}
      </ol>
      <p class="ground">
        <b data-visitors={ladder.id}>{people(ladder.visitors)}</b> assigned
      </p>
    </figure>
  );
}
