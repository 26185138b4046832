/** jstat ships no types. Only what `jstat.ts` uses is declared, so that nothing else of it can be reached by accident. */
declare module 'jstat' {
  const jStat: {
    readonly normal: {
      cdf(z: number, mean: number, sd: number): number;
      inv(p: number, mean: number, sd: number): number;
    };
    readonly beta: {
      cdf(x: number, alpha: number, beta: number): number;
      pdf(x: number, alpha: number, beta: number): number;
      inv(p: number, alpha: number, beta: number): number;
      sample(alpha: number, beta: number): number;
    };
    betaln(a: number, b: number): number;
    setRandom(random: () => number): void;
  };
  export default jStat;
}
