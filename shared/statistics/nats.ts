/** Nats below which a contribution cannot be seen beside the peak: exp(-38) is a tenth of the last bit. */
export const INVISIBLE = 38;

/** Nats below which even a tail reported for itself is zero: exp(-745) is the smallest positive double. */
export const NOTHING = 745;
