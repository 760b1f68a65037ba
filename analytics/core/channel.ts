/** What a terminal's channel has in common with others: read and told as its buckets close. */
export interface GroupShift {
  /** Shared deviation of a gauge channel, on the failure scale, and told what this terminal adds to it, of `share` of a bucket. */
  gauge(channel: number, deviation: number, day: number, share: number): number;
  /** Tells by how much this part is hotter now than in its hottest hours, K. */
  heat(beyond: number, day: number, share: number): void;
  /** By how much those of its place, or of its fleet, are hotter than in theirs, K; 0 where not nearly all are. */
  weather(day: number): number;
  /** Factor by which a rate channel is up everywhere; `first` says that these are this terminal's first errors in a while. */
  rate(channel: number, observed: number, expected: number, first: boolean, day: number, share: number): number;
  /** Usual rate of parts of this kind: of the model, shrunk to the tenant's fleet, shrunk to what is believed of any. */
  usual(channel: number): number;
  /** Adds what a sound part showed to that. */
  learnUsual(channel: number, errors: number, units: number): void;
  /** Whether others of its place are known to be well. */
  readonly isAlone: boolean;
}

/** What a channel says now: read by the judge and by explanations. */
export interface ChannelView {
  /** Learned value of a good part, and the present level, in the watched unit. */
  readonly base: number;
  readonly now: number;
  /** Deviation from `base` at which the part is taken to fail, in the watched unit. */
  readonly reach: number;
  /** Spread between buckets on the failure scale, and how many of them are worth one that stands alone. */
  readonly sigma: number;
  readonly alike: number;
  readonly score: number;
  /** Block of its history, 0 where it is not under suspicion. */
  readonly history: number;
  /** Share of the way from baseline to failure. */
  readonly level: number;
  readonly ready: boolean;
  /** A gauge that moves a little, as what is measured does; one that always tells the same number does not. */
  readonly moves: boolean;
}

/** A channel that this terminal has never shown. */
export const UNSEEN: ChannelView = {
  base: 0,
  now: 0,
  reach: 1,
  sigma: 1,
  alike: 1,
  score: 0,
  history: 0,
  level: 0,
  ready: false,
  moves: false,
};
