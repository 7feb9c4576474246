"""How pages of reports look: on a screen, light or dark, on a phone, on paper."""

from __future__ import annotations

STYLE = """
:root{color-scheme:light dark;--text:#1c2230;--soft:#5b6475;--back:#f6f7f9;--card:#fff;--line:#d9dde5;--good:#1d7a46;
--warn:#9a6200;--bad:#b3261e;--mark:#2f5fd0}
@media(prefers-color-scheme:dark){:root{--text:#e6e9ef;--soft:#a0a9b8;--back:#12151b;--card:#1b2029;--line:#333b48;
--good:#5fce93;--warn:#f0b64a;--bad:#ff8a80;--mark:#8fb0ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:860px;margin:0 auto;padding:24px 16px 48px;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:.3em 0}
h2{font-size:1.05rem;margin:0 0 .5em}
h3{font-size:.95rem;margin:.8em 0 .2em}
p,ul{margin:.3em 0}
header p{color:var(--soft);overflow-wrap:anywhere}
section,details{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:16px;margin:14px 0}
.badge{display:inline-block;padding:1px 9px;border-radius:99px;border:1px solid;font-size:.75rem;font-weight:700;
white-space:nowrap}
header .badge,td .badge{color:var(--bad)}
header .badge.completed,td .badge.completed{color:var(--good)}
header .badge.looked,td .badge.looked{color:var(--warn)}
header .badge.failed,td .badge.failed,header .badge.stalled,td .badge.stalled{color:var(--bad)}
header .badge.set_aside,td .badge.set_aside{color:var(--soft)}
header .badge.rejected,td .badge.rejected{color:var(--warn)}
.big strong{font-size:2.6rem;line-height:1.1}
.big p{margin:0}
.big p+p,small{color:var(--soft)}
.attention{border-color:var(--warn)}
.look{color:var(--warn)}
.attention h2{color:var(--warn)}
.attention li{white-space:pre-line;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:4px 10px 4px 0;vertical-align:top;overflow-wrap:anywhere}
.facts th{width:15em}
.runs td:first-child,.runs time{white-space:nowrap}
.runs td:nth-child(2){width:24%}
.runs tr+tr td{border-top:1px solid var(--line);padding-top:7px;padding-bottom:7px}
.mend{width:auto}
.mend td.n{min-width:3em}
th{font-weight:600;white-space:nowrap;overflow-wrap:normal}
td.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.fall td.bar{width:34%;position:relative;min-width:90px}
.fall td.bar+td{padding-left:10px}
.fall i{position:absolute;top:8px;height:14px;min-width:2px;border-radius:3px;
background:var(--warn)}
.fall i.read{background:var(--soft)}
.fall i.accepted{background:var(--good)}
.fall i.refused,.fall i.dead_lettered{background:var(--bad)}
.fall i.duplicates,.fall i.skipped{background:var(--line)}
ol.line{list-style:none;margin:.2em 0;padding:0 0 0 4px}
ol.line li{border-left:2px solid var(--line);padding:3px 0 3px 14px;position:relative}
ol.line li::before{content:"";position:absolute;left:-5px;top:11px;width:8px;height:8px;border-radius:50%;
background:var(--mark)}
ol.line time{font-variant-numeric:tabular-nums;color:var(--soft)}
a{color:var(--mark)}
nav{font-size:.9rem}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.8rem}
summary{cursor:pointer;font-weight:600}
.fall td.bar+td{padding-left:12px}
@media(max-width:600px){.fall td.bar{display:none}
.runs{display:block}
.runs tbody{display:block}
.runs tr:first-child{display:none}
.runs tr{display:block;padding:8px 0;border-top:1px solid var(--line)}
.runs tr+tr td{display:block;padding:1px 0;border:0}
.runs td:nth-child(2){width:auto}
.facts th{width:auto}
.facts th,.facts td{display:block;padding:0;white-space:normal}
.facts td{padding-bottom:8px}
}
@media print{nav{display:none}
body{background:#fff;color:#000}
main{max-width:none;padding:0}
section,details{break-inside:avoid;border-color:#999}}
"""
