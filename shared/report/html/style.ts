/** Rows as cards: the name of the row, and below it every figure with the name of its column. */
const cards = (table: string, narrowerThan: string): string => `@media screen and (max-width:${narrowerThan}){
${table} thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
${table},${table}>tbody,${table}>caption{display:block}
${table} tbody tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(9.6rem,1fr));gap:.15rem 1rem;padding:.55rem 0 .6rem;border-bottom:1px solid var(--line)}
${table} tbody th{grid-column:1/-1;padding:0;border:0}
${table} td{padding:0;border:0;text-align:left}
${table} td::before{content:attr(data-label);display:block;color:var(--muted);font-size:.8rem;line-height:1.35}
${table} td:has(.who){grid-column:1/-1}${table} .who{min-width:0}${table} .none{display:none}
}`;

/** The look of a report: one column of text, one accent, numbers in line. Light and dark follow the reader; print is black on white. */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fdfcf9;--ink:#1d1f21;--muted:#5c6166;--line:#dedbd2;--wash:#f4f1ea;--accent:#0b6b5d;--band:#e9e4d6;--stone:#6f7378;
--series-1:#0b6b5d;--series-2:#b4541a;--series-3:#4a5fa8;--series-4:#8b3a72;--series-5:#6d7a1c;--series-6:#2e7fa3;--bad:#a3271b;--good:#0b6b5d;
--serif:ui-serif,"Iowan Old Style","Palatino Linotype",Palatino,Georgia,serif;--sans:system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,sans-serif}
@media (prefers-color-scheme:dark){:root{--paper:#15171a;--ink:#ecebe7;--muted:#a3a8ad;--line:#33373c;--wash:#1d2024;--accent:#63cdb6;--band:#2b2f2c;--stone:#a6abb0;
--series-1:#63cdb6;--series-2:#f0a06a;--series-3:#9db0f2;--series-4:#dc93c4;--series-5:#bccb68;--series-6:#7fc4e6;--bad:#ff9284;--good:#63cdb6}}
@media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--muted:#444;--line:#ccc;--wash:#fff;--accent:#0b6b5d;--band:#e8e8e8;--stone:#6f7378;
--series-1:#0b6b5d;--series-2:#b4541a;--series-3:#4a5fa8;--series-4:#8b3a72;--series-5:#6d7a1c;--series-6:#2e7fa3;--bad:#a3271b;--good:#0b6b5d}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.6 var(--sans)}
main,header.top,footer{max-width:66rem;margin:0 auto;padding:0 1.5rem}
header.top{padding-top:3.2rem}
.eyebrow{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;margin:0 0 2.2rem;color:var(--muted);font-size:.86rem}
.eyebrow svg{display:block}
.eyebrow b{color:var(--ink);font-weight:600}
.label{display:inline-block;margin:0 0 .7rem;padding:.16rem .75rem;border-radius:99px;background:var(--accent);color:var(--paper);font-size:.86rem;font-weight:600}
.label.open{background:none;color:var(--ink);box-shadow:inset 0 0 0 1.5px var(--ink)}
.label.bad{background:var(--bad)}
h1{margin:0 0 1rem;max-width:24em;font:500 clamp(1.7rem,3.6vw,2.5rem)/1.22 var(--serif);letter-spacing:-.012em;text-wrap:balance}
.lead{max-width:42em;margin:0;color:var(--muted);font-size:1.06rem}
h2{margin:0 0 .5rem;font:500 1.6rem/1.25 var(--serif);letter-spacing:-.008em}
h3{margin:1.6rem 0 .4rem;font-size:1rem}
h4{margin:1.2rem 0 .3rem;font-size:.92rem}
.advice{list-style:none;padding:0}.advice li{padding:.6rem 0;border-bottom:1px solid var(--line);margin:0}.advice em{display:block;margin-top:.25rem;font-style:normal;color:var(--muted)}
section{margin:3.4rem 0 0;padding:2rem 0 0;border-top:1px solid var(--line)}
p,ul,ol{max-width:42em}
p{margin:.5rem 0}
ul,ol{margin:.6rem 0;padding-left:1.3rem}
li{margin:.3rem 0}
.quiet{color:var(--muted);font-size:.92rem}
.side{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1.5rem 2.5rem;margin:1.6rem 0 0}
figure{margin:1.4rem 0 0}
.side figure{display:grid;grid-row:span 2;grid-template-rows:subgrid;row-gap:0;margin:0}.side figure>div{align-self:end}
figcaption{max-width:42em;margin:.4rem 0 0;color:var(--muted);font-size:.88rem;line-height:1.5}
.name{display:flex;align-items:baseline;gap:.5rem;margin:0 0 .3rem;font-weight:600;font-size:1.05rem}
.name i{flex:none;width:.7rem;height:.7rem;border-radius:2px}
.name small{color:var(--muted);font-weight:400;font-size:.86rem}
svg.plot{display:block;max-width:100%;height:auto;color:var(--muted);font-family:var(--sans);font-variant-numeric:tabular-nums}
svg.plot [stroke-opacity="0.1"]{stroke:var(--line);stroke-opacity:1}
svg.narrow,.key{display:none}
svg.narrow{width:100%;max-width:27rem}
.key{flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0 0 .2rem;padding:0;font-size:.88rem}
.key li{display:flex;align-items:center;gap:.45rem;margin:0}
.key i{flex:none;width:.8rem;height:.2rem;border-radius:2px}.key .dashed{height:0;border-radius:0}
.wide{overflow-x:auto;margin:1.1rem 0 0}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--muted);font-size:.88rem;padding:0 0 .4rem}
th,td{padding:.42rem .9rem .42rem 0;border-bottom:1px solid var(--line);text-align:right;vertical-align:baseline}
th:first-child,td:first-child{text-align:left;min-width:9rem}
th:last-child,td:last-child{padding-right:0}
.who{display:block;text-align:left;min-width:16rem;color:var(--muted)}
table:has(.who) thead th:last-child{text-align:left}
thead th{min-width:5.4rem;vertical-align:bottom;font-weight:500;color:var(--muted);font-size:.82rem}
tbody th{font-weight:600}
.checks{list-style:none;padding:0}
.checks li{display:grid;grid-template-columns:5.2rem 1fr;gap:.2rem .9rem;padding:.5rem 0;border-bottom:1px solid var(--line);margin:0}
.checks b{font-size:.82rem;font-weight:600;padding-top:.15rem}
.checks .passed b{color:var(--good)}.checks .failed b{color:var(--bad)}.checks .noted b{color:var(--muted)}
.next{padding:1.2rem 1.5rem;background:var(--wash);border-left:3px solid var(--accent);border-radius:0 6px 6px 0;max-width:46em}
.next ol{margin:0;padding-left:1.2rem}
.next p{margin:0}
footer{margin-top:3.5rem;padding-top:1.2rem;padding-bottom:3rem;color:var(--muted);font-size:.84rem}
footer p{max-width:none}
@media screen and (max-width:42rem){svg.roomy{display:none}svg.narrow{display:block}.key{display:flex}}
${cards('.many', '60rem')}
${cards('.several', '42rem')}
@media screen and (max-width:34rem){body{font-size:16px}main,header.top,footer{padding-left:1.1rem;padding-right:1.1rem}header.top{padding-top:1.8rem}.eyebrow{margin-bottom:1.4rem}.checks li{grid-template-columns:1fr}}
@media print{
@page{margin:16mm 16mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt var(--sans);color:#444}}
html{font-size:9.5pt}body{font-size:1rem}
main,header.top,footer{max-width:none;padding:0}
section{margin-top:1.4rem;padding:0;border:0}h2{padding-top:1rem;border-top:1px solid var(--line)}
.label,.name i,.key i{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.wide{overflow:visible}thead th{min-width:0}th,td{padding-right:.5rem}
h2,h3,h4,p,figure,.wide,.next,.checks li,.advice li,tr{break-inside:avoid}
h2,h3,h4,:is(section,.wide,figure)>:is(p,h3,h4):has(+:is(figure,.wide,.side,.checks,.advice,.next,h3)){break-after:avoid}
p,li{orphans:3;widows:3}
.side{grid-template-columns:1fr 1fr}.side svg.roomy{display:none}.side svg.narrow{display:block}
}
`.trim();
