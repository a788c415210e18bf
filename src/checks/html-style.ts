/** The style sheet of the HTML report: light and dark by what the reader's system prefers, and fit for paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --card: #fff; --ink: #1b2330; --dim: #5c6878; --line: #dfe4ea;
  --good: #17784a; --good-bg: #e3f4ea; --bad: #b3261e; --bad-bg: #fdeae8; --warn: #8a5a00; --warn-bg: #fdf1d8;
  --skip: #5c6878; --skip-bg: #edf0f3; --cold: #2b6cb0; --hot: #c2570c; --check: #e9ecf0; }
@media (prefers-color-scheme: dark) { :root { --bg: #11151b; --card: #1a2029; --ink: #e6eaf0; --dim: #9aa7b7; --line: #2c3541;
  --good: #5fd39a; --good-bg: #143325; --bad: #ff9d94; --bad-bg: #401b19; --warn: #f2c063; --warn-bg: #3a2c10;
  --skip: #9aa7b7; --skip-bg: #252d38; --cold: #6cb2f5; --hot: #f6a35c; --check: #242c37; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1040px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 34px; line-height: 1.15; margin: 4px 0 6px; letter-spacing: -.015em; }
h2 { font-size: 20px; margin: 40px 0 14px; letter-spacing: -.005em; }
p { margin: 0; } a { color: inherit; } code, .mono { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.verdict { border-radius: 16px; padding: 26px 28px; background: var(--good-bg); }
.verdict h1, .verdict .kicker { color: var(--good); }
.verdict.failed { background: var(--bad-bg); } .verdict.failed h1, .verdict.failed .kicker { color: var(--bad); }
.verdict.inconclusive { background: var(--warn-bg); } .verdict.inconclusive h1, .verdict.inconclusive .kicker { color: var(--warn); }
.kicker { font-weight: 600; font-size: 14px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin-top: 12px; }
.tile.passed b { color: var(--good); } .tile.failed b { color: var(--bad); } .tile.inconclusive b { color: var(--warn); }
.tile, .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
.tile { padding: 14px 16px; } .tile b { display: block; font-size: 26px; line-height: 1.2; font-variant-numeric: tabular-nums; } .tile span { color: var(--dim); font-size: 13px; }
.card { padding: 18px 20px; } .card + .card { margin-top: 12px; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(188px, 1fr)); gap: 14px; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: hidden; }
.frame { height: 140px; display: grid; place-items: center; padding: 8px; color: var(--dim); font-size: 13px; text-align: center;
  background: repeating-conic-gradient(var(--check) 0 25%, transparent 0 50%) 0 0 / 18px 18px; }
.frame img { width: 100%; height: 100%; min-height: 0; object-fit: contain; }
figcaption { padding: 10px 12px 12px; border-top: 1px solid var(--line); }
figcaption strong { display: block; font-weight: 600; font-size: 13px; overflow-wrap: anywhere; } figcaption span { color: var(--dim); font-size: 12.5px; }
.group { padding: 0; overflow: hidden; }
.group > summary { display: flex; align-items: baseline; gap: 10px; padding: 14px 20px; cursor: pointer; font-weight: 600; font-size: 16px; list-style: none; }
.group > summary span { font-weight: 400; color: var(--dim); font-size: 13px; } .group > summary .count { margin-left: auto; white-space: nowrap; }
summary::-webkit-details-marker { display: none; } .group > summary::before, .check > summary::after { content: "›"; color: var(--dim); transition: rotate .15s; }
details[open] > summary::before, details[open] > summary::after { rotate: 90deg; }
.check { border-top: 1px solid var(--line); } .check > summary { display: flex; gap: 12px; align-items: baseline; padding: 9px 20px; cursor: pointer; list-style: none; }
.check > summary .title { flex: 1; overflow-wrap: anywhere; min-width: 0; } .check > summary .ms { color: var(--dim); font-size: 12.5px; font-variant-numeric: tabular-nums; white-space: nowrap; }
.badge { flex: none; min-width: 92px; text-align: center; border-radius: 99px; font-size: 12px; font-weight: 600; padding: 1px 10px; background: var(--good-bg); color: var(--good); }
.badge.failed { background: var(--bad-bg); color: var(--bad); } .badge.inconclusive { background: var(--warn-bg); color: var(--warn); } .badge.skipped { background: var(--skip-bg); color: var(--skip); }
.check dl, .meta { display: grid; grid-template-columns: max-content 1fr; gap: 5px 16px; margin: 0; align-items: baseline; } .check dl { padding: 4px 20px 16px 124px; }
dt { color: var(--dim); font-size: 13px; } dd { margin: 0; overflow-wrap: anywhere; min-width: 0; } dd.cause { font-weight: 600; color: var(--bad); } .inconclusive dd.cause { color: var(--warn); }
dd.fix code { background: var(--skip-bg); border-radius: 6px; padding: 2px 7px; }
.chart { display: block; width: 100%; height: auto; } .chart text { fill: var(--ink); font-size: 13px; } .chart .tick { fill: var(--dim); font-size: 12px; } .chart .lane, .chart .value { font-weight: 600; }
.chart .grid { stroke: var(--line); } .chart circle { fill-opacity: .45; } .cold circle { fill: var(--cold); } .cached circle { fill: var(--hot); }
.chart .median { stroke-width: 3; stroke-linecap: round; } .cold .median { stroke: var(--cold); } .cached .median { stroke: var(--hot); } .chart .cold .value { fill: var(--cold); } .chart .cached .value { fill: var(--hot); }
.note { color: var(--dim); font-size: 13.5px; margin-top: 10px; }
@media (max-width: 560px) { main { padding: 16px 12px 40px; } .tiles { grid-template-columns: 1fr 1fr; } h1 { font-size: 26px; } .check dl { padding-left: 20px; grid-template-columns: 1fr; gap: 0; } .check dl dd { margin-bottom: 8px; } .group > summary .about, .check > summary .ms { display: none; } .badge { min-width: 0; } }
@media print { body { background: #fff; } .card, figure, .tile { break-inside: avoid; } .group { break-inside: auto; } }
`;
