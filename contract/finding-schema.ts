import Type, { type Static } from 'typebox';

/** One reason behind a finding, in numbers and in a sentence an operator understands. */
export const EvidenceSchema = Type.Object({
  metric: Type.String(),
  value: Type.Union([Type.Number(), Type.String()]),
  baseline: Type.Union([Type.Number(), Type.String(), Type.Null()]),
  why: Type.String(),
  unit: Type.Optional(
    Type.String({
      description:
        "of value, baseline, threshold and slope: the metric's own where they can be drawn with it; 1/job and the like for rates of a counter",
    }),
  ),
  threshold: Type.Optional(Type.Number({ description: 'level at which such parts fail' })),
  direction: Type.Optional(Type.Enum(['above', 'below'], { description: 'side of the threshold that has failed' })),
  slope: Type.Optional(
    Type.Number({ description: 'change a day lately; left out where it does not move towards the threshold' }),
  ),
});
export type Evidence = Readonly<Static<typeof EvidenceSchema>>;
