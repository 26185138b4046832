/// <reference lib="dom" />
type Span = { readonly low: number; readonly high: number };
/** What all intervals beside each other are drawn on: from, until, and the half-width of no practical difference. */
export type Scale = Span & { readonly equivalence: number };

/** A scale that shows zero, the region of equivalence and every interval, with some air. */
export function scaleOf(intervals: readonly Span[], equivalence: number): Scale {
  const low = Math.min(-equivalence, ...intervals.map((each) => each.low));
  const high = Math.max(equivalence, ...intervals.map((each) => each.high));
  const air = (high - low) * 0.06;
  return { low: low - air, high: high + air, equivalence };
}

const [WIDTH, HEIGHT] = [180, 18];

/** An interval as a line over the region of equivalence. What it says stands beside it in words. */
export function Interval({ low, high, middle, scale }: Span & { middle: number; scale: Scale }) {
  const at = (value: number): number => ((value - scale.low) / (scale.high - scale.low)) * WIDTH;
  return (
    <svg class="interval" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
      <rect
        class="equivalence"
        x={at(-scale.equivalence)}
        width={Math.max(1.5, at(scale.equivalence) - at(-scale.equivalence))}
        height={HEIGHT}
      />
      <path class="zero" d={`M${at(0)} 0v${HEIGHT}`} />
      <path class="span" d={`M${at(low)} ${HEIGHT / 2}H${at(high)}`} />
      <circle class="middle" cx={at(middle)} cy={HEIGHT / 2} r={4} />
    </svg>
  );
}
