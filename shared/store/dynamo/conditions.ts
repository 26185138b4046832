/** Every condition a write may carry, by the sentence it means. */
export const conditions = {
  notThereYet: 'attribute_not_exists(pk)',
  alreadyThere: 'attribute_exists(pk)',
  mergedThere: 'mergedInto = :to',
  notMerged: 'attribute_not_exists(mergedInto)',
  notFull: 'attribute_not_exists(journeyFull)',
  revisionUnchanged: '#revision = :expectedRevision',
  secretUnchanged: '#current = :expectedSecret',
  checkpointBefore: 'attribute_not_exists(#sequence) OR #sequence < :first',
} as const;
