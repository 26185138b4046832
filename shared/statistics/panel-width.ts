/** Panel width in units of the joint curvature. Across four, sixteen nodes integrate a normal bell to 1e-17. */
const WIDTHS = 4;

/** Most nats a density may climb across one panel if its low end matters by itself: more, and rounding at the top drowns it. */
export const FAITHFUL = 8;

/** Most nats across one panel if only the whole matters: more, and sixteen nodes no longer follow an exponential. */
export const GENTLE = 16;

/** Not even an exponential tail is resolved across more than this while the bell still shapes it. */
export const WIDEST = 12;

/** The log-odds beyond which a bell is nothing but an exponential: what shapes it has fallen to exp(-60). */
export const PURE = 60;

/**
 * How wide a panel of sixteen nodes may be that starts at log-odds `y` and goes right, where the density's logarithm has
 * this slope and bend (second derivative), if it may climb or fall by `climb` nats.
 */
export function panelWidth(slope: number, bend: number, y: number, climb: number): number {
  const byClimb = climb / Math.abs(slope);
  if (y > PURE) return byClimb;
  if (y < -PURE - WIDEST) return Math.min(byClimb, -PURE - y);
  // On the way right the bend may grow like exp(2w), so w · exp(w) = byBend: Lambert's function, by Winitzki's formula.
  const byBend = Math.min(WIDTHS / Math.sqrt(bend), 1e12);
  const grown = Math.log1p(byBend);
  const lambert = byBend < 1e-3 ? byBend : grown * (1 - Math.log1p(grown) / (2 + grown));
  return Math.min(lambert, byClimb, WIDEST);
}
