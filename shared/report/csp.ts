/** Nothing is loaded, run or sent from a report, whoever opens it and wherever: styles are its own, and that is all there is. */
export const REPORT_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
