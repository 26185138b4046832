/**
 * What an edge, a Lambda and a browser need to decide, and no more. Plain JSON, small enough for a key-value store
 * at the edge (1 KB). No names, no history, no policy.
 */
export type PackedExperiment = PackedSplit | PackedFixed;

/** A running experiment: visitors are split. */
export type PackedSplit = Packed & {
  readonly kind: 'split';
  /** Seeds of the two independent draws: which variant, and whether to take part at all. */
  readonly seed: number;
  readonly trafficSeed: number;
  /** A visitor takes part when the traffic draw is below this point of the line. */
  readonly trafficEnd: number;
  /** From an instant (ms) on, the point it is below instead; instants and points only grow. */
  readonly ramp?: readonly (readonly [number, number])[];
  /** Its slice [from, end) of the line that the experiments of its layer share, drawn with the layer's own seed. */
  readonly layer?: { readonly seed: number; readonly from: number; readonly end: number };
  /** Visitors who are in no experiment at all: those whose draw with this seed is below the point. */
  readonly holdout?: { readonly seed: number; readonly end: number };
  /** End of each variant's half-open slice of the line; the last with a positive weight ends at 2^32. */
  readonly ends: readonly number[];
  readonly audience: readonly PackedCondition[];
  readonly forced: Readonly<Record<string, number>>;
  /** Enrolment, in ms; open where absent. */
  readonly from?: number;
  readonly until?: number;
};

/** A paused or concluded experiment: everyone gets one variant, nobody is counted. */
export type PackedFixed = Packed & { readonly kind: 'fixed'; readonly serve: number };

type Packed = {
  readonly id: string;
  readonly revision: number;
  readonly sequence: number;
  readonly epoch: number;
  readonly control: number;
  readonly variants: readonly PackedVariant[];
};

export type PackedVariant = { readonly id: string; readonly url?: string };

export type PackedCondition = {
  readonly attribute: string;
  readonly operator:
    | 'is'
    | 'is-not'
    | 'one-of'
    | 'none-of'
    | 'at-least'
    | 'less-than'
    | 'starts-with'
    | 'contains'
    | 'present'
    | 'missing';
  /** The one value, the several, or none: always a list, so that the reader has one shape. */
  readonly values: readonly (string | number | boolean)[];
};

/** What is known of a visitor when deciding. Never personal data; only attributes that an audience or a segment names matter. */
export type Attributes = { readonly [attribute: string]: string | number | boolean | undefined };
