const LOW = 2 ** 26;

/**
 * The product of two integers as two that add up exactly: its low 26 bits under `name`, and the rest under `nameHigh`. Sums of
 * squares outgrow what a double counts exactly long before sums of the two parts do.
 *
 * @example exactProduct('xx', 90_000_000, 90_000_000) // { xx: 44974080, xxHigh: 120699405 }
 */
export function exactProduct<Name extends string>(
  name: Name,
  a: number,
  b: number,
): Record<Name | `${Name}High`, number> {
  const product = a * b;
  const low = Number.isSafeInteger(product) ? product % LOW : Number((BigInt(a) * BigInt(b)) % BigInt(LOW));
  const high = Number.isSafeInteger(product)
    ? (product - low) / LOW
    : Number((BigInt(a) * BigInt(b) - BigInt(low)) / BigInt(LOW));
  // No product is a negative zero, which a counter would show.
  return { [name]: low + 0, [`${name}High`]: high + 0 } as Record<Name | `${Name}High`, number>;
}

/** The product again, or a sum of products, from its two parts: exact as far as a double is. */
export const productOf = (low = 0, high = 0): number => high * LOW + low;
