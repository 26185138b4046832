/** Does what can be done. The page belongs to somebody else: whatever goes wrong here must not go wrong there. */
export const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch {}
};
