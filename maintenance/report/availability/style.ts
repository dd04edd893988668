/** The page's look, light and dark. No font and no picture comes from elsewhere. */
export const STYLE = `
:root {
    color-scheme: light dark;
    --page: #f6f7f9; --card: #fff; --ink: #1b2330; --faint: #5d6878; --line: #e1e5eb; --soft: #eef1f5;
    --good: #19764a; --bad: #c62333; --warn: #955b00; --sent: #9db4d3; --worst: #d5dfec; --median: #2f63b5;
    --c0: #2f6fde; --c1: #0d9488; --c2: #b7791f; --c3: #7c4dd8; --c4: #4b9a3a; --c5: #c2418f; --c6: #1889b8; --c7: #8a6a4f;
}
@media (prefers-color-scheme: dark) {
    :root {
        --page: #10141b; --card: #181e28; --ink: #e6eaf1; --faint: #9aa6b8; --line: #2b3442; --soft: #222a36;
        --good: #5fcf96; --bad: #ff6b74; --warn: #f0b45a; --sent: #45597a; --worst: #2d3a4f; --median: #8ab4ff;
        --c0: #6f9ff5; --c1: #3fc4b6; --c2: #dba84c; --c3: #a98bf2; --c4: #7cc86b; --c5: #ea7fbd; --c6: #56b9e0; --c7: #bd9a7c;
    }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1400px; margin: 0 auto; padding: 32px 24px 64px; display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; }
header p { margin: 0; }
.cluster { color: var(--faint); }
.cluster b { color: var(--ink); }
h1 { font-size: 34px; line-height: 1.15; font-weight: 650; letter-spacing: -0.02em; margin: 4px 0 12px; }
h2 { font-size: 17px; margin: 0 0 12px; }
.verdict { color: var(--faint); }
.verdict strong { display: inline-block; padding: 2px 12px; margin-right: 8px; border-radius: 99px; border: 1.5px solid currentColor; font-weight: 650; }
.verdict strong::first-letter { text-transform: uppercase; }
.verdict.good strong, section .good { color: var(--good); }
.verdict.bad strong, td.bad { color: var(--bad); font-weight: 650; }
.verdict.warn strong { color: var(--warn); }
.reasons { margin: 10px 0 0; padding-left: 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 20px 0 0; }
.tiles div, section { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
section { padding: 18px 20px; }
dt { color: var(--faint); font-size: 13px; }
dd { margin: 0; font-size: 22px; font-weight: 600; font-variant-numeric: tabular-nums; }
dd.note { font-size: 12.5px; font-weight: 400; color: var(--faint); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0 0 12px; padding: 0; font-size: 13px; }
.legend i { display: inline-block; width: 12px; height: 12px; margin-right: 6px; border-radius: 3px; vertical-align: -1px; border: 1.5px solid var(--c); background: color-mix(in srgb, var(--c) 35%, var(--card)); }
.legend .held { --c: var(--warn); } .legend .off { --c: var(--bad); } .legend .silent { --c: var(--faint); }
.legend .state i { height: 8px; vertical-align: 1px; border: 0; background: color-mix(in srgb, var(--c) 45%, var(--card)); }
.legend .failure i { background: var(--bad); border-color: var(--bad); width: 4px; border-radius: 1px; }
.c0 { --c: var(--c0); } .c1 { --c: var(--c1); } .c2 { --c: var(--c2); } .c3 { --c: var(--c3); }
.plain { --c: var(--faint); }
.c4 { --c: var(--c4); } .c5 { --c: var(--c5); } .c6 { --c: var(--c6); } .c7 { --c: var(--c7); }
.chart { position: relative; }
.chart:focus-visible { outline: 2px solid var(--median); outline-offset: 6px; border-radius: 4px; }
.row, .over { display: grid; grid-template-columns: 150px minmax(0, 1fr); column-gap: 12px; }
.over { position: absolute; inset: 0; pointer-events: none; }
.over .plot { height: 100%; position: relative; }
.over line { stroke: var(--line); }
.marks { height: 100%; }
.marks rect { fill: var(--bad); opacity: 0.2; }
#cursor { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--ink); }
.lanes { position: relative; margin-bottom: 14px; }
.lanes .row { column-gap: 12px; }
.lanes .host, .lanes .cluster { border-top: 1px solid var(--line); }
.lanes .cluster + :not(.cluster) { border-top: 2px solid var(--faint); }
.lanes > :last-child { border-bottom: 1px solid var(--line); }
.lanes .state + .host { margin-top: 3px; }
.label { font-size: 13px; line-height: var(--row, 1.3); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lanes .label { font-size: min(13px, calc(var(--row) - 3px)); }
.lanes .state .label { color: var(--faint); line-height: var(--state); font-size: min(11.5px, calc(var(--state) - 1px)); padding-left: 12px; }
.lanes .cluster .label { color: var(--faint); }
.plot { display: block; width: 100%; }
.bar { overflow: hidden; }
.bar rect { fill: color-mix(in srgb, var(--c, var(--faint)) 30%, var(--card)); stroke: var(--c, var(--faint)); stroke-width: 1.5; }
.bar text { font-size: 12px; fill: var(--ink); }
.dense .bar rect { fill: color-mix(in srgb, var(--c, var(--soft)) 80%, var(--card)); stroke: none; }
.bar.failed rect { stroke: var(--bad); stroke-width: 4; }
.bar.running rect { stroke-dasharray: 4 3; }
.lanes .bar.state rect { fill: var(--soft); stroke: none; }
.lanes .cluster .bar.state rect { stroke: var(--sent); stroke-width: 1; }
.lanes .state .bar text { font-size: 11px; fill: var(--faint); }
.lanes .bar.held rect { fill: color-mix(in srgb, var(--warn) 45%, var(--card)); }
.lanes .bar.off rect { fill: color-mix(in srgb, var(--bad) 45%, var(--card)); }
.lanes .bar.silent rect { fill: color-mix(in srgb, var(--faint) 45%, var(--card)); }
.lanes .state .bar:not(.on) text { fill: var(--ink); }
.strips { position: sticky; bottom: 0; background: var(--card); border-top: 1px solid var(--line); padding: 8px 0 2px; }
.strip .label { white-space: normal; line-height: 1.3; position: relative; }
.strip .label i { position: absolute; right: 0; transform: translateY(-50%); font-size: 11px; font-style: normal; color: var(--faint); }
.label span { display: block; font-size: 12px; color: var(--faint); }
.strip .plot { height: 64px; border-bottom: 1px solid var(--line); }
.strip .rate { height: 40px; margin-bottom: 12px; }
.strip path { vector-effect: non-scaling-stroke; }
.grid { stroke: var(--line); }
.worst { fill: var(--worst); }
.median { fill: none; stroke: var(--median); stroke-width: 1.5; }
.sent { fill: var(--sent); }
path.failed { fill: var(--bad); }
.axis .plot { position: relative; height: 20px; }
.axis .plot span { position: absolute; transform: translateX(-50%); font-size: 12px; color: var(--faint); font-variant-numeric: tabular-nums; }
.axis .plot span:first-child { transform: none; }
#reading { margin: 12px 0 0; padding: 6px 10px; background: var(--soft); border-radius: 6px; font-size: 13px; min-height: 56px; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th { color: var(--faint); font-size: 12.5px; white-space: nowrap; }
.n { text-align: right; }
tbody th, td.n { white-space: nowrap; }
.failing th, .failing td:nth-of-type(3) { color: var(--bad); font-weight: 650; }
.uncounted, .faint { color: var(--faint); }
.more td { padding-top: 0; }
tbody tr:has(+ .more) td { border-bottom: 0; }
.more ol { margin: 6px 0; padding-left: 34px; font-size: 13px; }
summary { cursor: pointer; color: var(--faint); font-size: 13px; }
section > details { margin-top: 12px; }
button { font: inherit; color: var(--median); background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; }
p.faint { margin: 10px 0 0; font-size: 13px; }
p.good { margin: 0; }
footer { color: var(--faint); font-size: 12.5px; }
@media (max-width: 700px) {
    .row, .over { grid-template-columns: 84px minmax(0, 1fr); }
    main { padding: 16px 12px; }
    h1 { font-size: 26px; }
    .tiles { grid-template-columns: 1fr 1fr; }
    .tiles div:last-child:nth-child(odd) { grid-column: 1 / -1; }
    .lanes .row.host text, .lanes .row.state text, .strip .label i, .axis .plot span:nth-child(even) { display: none; }
    .lanes .cluster .label { white-space: normal; font-size: 11px; line-height: calc(var(--row) / 2); }
    .axis .label, .axis .label span { white-space: normal; font-size: 11px; line-height: 1.3; }
}
@media print { .strips { position: static; } body { background: none; } }
`;
