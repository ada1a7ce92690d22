import { chartStyle } from "./chartStyle.ts";
import { strokeOf } from "./palette.ts";
import { pathStyle } from "./paths/pathStyle.ts";

/** The style sheet of a report with `count` optimizers. */
export function pageStyle(
  count: number,
  closeUp: { readonly scale: number; readonly shift: number },
): string {
  const indices = Array.from({ length: count }, (_, i) => i);
  const colours = (theme: "light" | "dark"): string =>
    indices.map((i) => `--c${i}:${strokeOf(i)[theme]}`).join(";");
  const light = `color-scheme:light;--page:#fbfaf8;--card:#ffffff;--ink:#1d2126;--soft:#59616b;--line:#dcdad5;--grid:#ebe9e4;--accent:#0b57a4;--best:#e3f1e6;--best-ink:#0e5a2a;--warn:#fbe3d6;--warn-ink:#8a2c00;${colours("light")}`;
  const dark = `color-scheme:dark;--page:#121416;--card:#1a1d21;--ink:#e9ebed;--soft:#a3abb5;--line:#343a41;--grid:#272c32;--accent:#7db9f5;--best:#173824;--best-ink:#8fe0aa;--warn:#45200f;--warn-ink:#ffb48f;${colours("dark")}`;
  const series = indices.map((i) => {
    const { dashes } = strokeOf(i);
    return `.s${i}{--c:var(--c${i})}${dashes === "none" ? "" : `.s${i} .line{stroke-dasharray:${dashes}}`}
:root:has(#show-${i}:not(:checked)) .plot .s${i}{display:none}`;
  });
  return `:root{${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
:root:has(#theme-light:checked){${light}}
:root:has(#theme-dark:checked){${dark}}
${PAGE}${series.join("\n")}
${chartStyle(closeUp)}${pathStyle}@media print{:root,:root:has(#theme-dark:checked){${light};--page:#fff}
body{font-size:10pt}main{max-width:none;padding:0}.controls,.theme,#copy,.crosshair{display:none!important}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
figure,article,tr,.legend{break-inside:avoid}h2{break-after:avoid}section{margin-top:1.6em}
.command pre,.recipes pre{white-space:pre-wrap}.scroll{overflow:visible;font-size:8pt}.scroll td.text{white-space:normal;overflow-wrap:anywhere}}
`;
}

const PAGE = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1180px;margin:0 auto;padding:20px 32px 64px}
h1{font-size:clamp(1.55rem,1.1rem + 1.9vw,2.3rem);line-height:1.15;letter-spacing:-.015em;margin:.35em 0 .5em;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:1.3rem;letter-spacing:-.01em;margin:0 0 .7em}
h3{font-size:1rem;margin:0 0 .5em;overflow-wrap:anywhere}
section{margin-top:52px}
p{margin:0 0 .5em;max-width:82ch}
small{font-size:.8em;color:var(--soft);font-weight:400}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
figure{margin:0}
figcaption{color:var(--soft);font-size:.85rem;margin-top:.8em;max-width:80ch}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.top{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:center;gap:8px 16px}
.brand{margin:0;color:var(--soft);font-size:.9rem;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.headline{font-size:clamp(1.05rem,1rem + .4vw,1.25rem);line-height:1.45}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(190px,1fr));gap:12px 24px;margin:22px 0 0;padding:16px 0 0;border-top:1px solid var(--line)}
.facts dt{font-size:.8rem;color:var(--soft)}
.facts dd{margin:0;line-height:1.4;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
fieldset{border:0;margin:0;padding:0;min-width:0;display:inline-flex;align-items:center}
fieldset legend{float:left;padding:0 8px 0 0;font-size:.85rem;color:var(--soft)}
input[type=radio]{position:absolute;opacity:0;width:1px;height:1px}
input[type=radio]+label{cursor:pointer;padding:5px 12px;font-size:.875rem;border:1px solid var(--line);margin-left:-1px;background:var(--card);white-space:nowrap}
input[type=radio]+label:first-of-type{border-radius:8px 0 0 8px;margin-left:0}
input[type=radio]+label:last-of-type{border-radius:0 8px 8px 0}
input[type=radio]:checked+label{background:var(--ink);color:var(--page);border-color:var(--ink)}
input:focus-visible+label,button:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:8px;position:relative;z-index:2}
.swatch{display:inline-block;width:.75em;height:.75em;border-radius:50%;background:var(--c);margin-right:.5em;flex:none}
.named{display:flex;align-items:baseline}
.label small{display:block;line-height:1.35}
.label small span{display:inline-block}
.badge{display:inline-block;background:var(--warn);color:var(--warn-ink);font-size:.75rem;font-weight:500;line-height:1.4;padding:1px 8px;border-radius:99px}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.93rem}
th,td{padding:9px 10px;text-align:right;border-bottom:1px solid var(--line);vertical-align:top}
th:first-child,td.text{text-align:left}
thead th{font-size:.8rem;line-height:1.3;font-weight:600;vertical-align:bottom}
thead small,.summary td small{display:block}
.summary td{white-space:nowrap}
.summary .best>span{background:var(--best);color:var(--best-ink);font-weight:650;border-radius:6px;padding:2px 7px;margin:-2px -7px;display:inline-block}
.summary .best small{color:inherit;opacity:.85}
.summary tbody th{font-weight:600;overflow-wrap:anywhere;min-width:8em}
.scroll{overflow-x:auto;margin:10px 0}
.scroll th,.scroll td{white-space:nowrap}
.scroll th:first-child{position:sticky;left:0;background:var(--page)}
details{border-top:1px solid var(--line);padding:10px 0}
details:last-of-type{border-bottom:1px solid var(--line)}
summary{cursor:pointer;font-weight:550;padding:2px 0}
.costs{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,420px),1fr));gap:32px 48px}
.bars{list-style:none;margin:0;padding:0}
.bars li{display:grid;grid-template-columns:minmax(84px,28%) 1fr;gap:2px 12px;align-items:center;margin-bottom:12px;font-size:.93rem}
.bars .name{font-weight:600;overflow-wrap:anywhere;line-height:1.25;grid-row:1/3}
.bars .bar{display:flex;height:14px;background:var(--grid);border-radius:4px;overflow:hidden}
.bars i{display:block;background:color-mix(in srgb,var(--c) 38%,var(--page))}
.bars i.own{background:var(--c)}
.bars .amount{font-variant-numeric:tabular-nums;grid-column:2}
.patch{display:inline-block;width:1.1em;height:.8em;border-radius:3px;background:color-mix(in srgb,var(--soft) 38%,var(--page));margin:0 .2em 0 0;vertical-align:-.05em}
.patch.own{background:var(--soft);margin-left:1em}
.recipes{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,430px),1fr));gap:20px}
.recipes article{background:var(--card);border:1px solid var(--line);border-top:3px solid var(--c);border-radius:10px;padding:18px 20px;min-width:0}
.recipes .family{color:var(--soft);font-size:.85rem;margin-top:-.4em}
.recipes pre,.command pre{background:var(--page);border:1px solid var(--line);border-radius:8px;padding:12px 14px;margin:12px 0;overflow-x:auto;line-height:1.5}
.options{display:flex;flex-wrap:wrap;gap:6px 8px;margin:0 0 12px}
.options div{display:flex;gap:.5em;font-size:.82rem;padding:2px 9px;border:1px solid var(--line);border-radius:99px;font-variant-numeric:tabular-nums;max-width:100%}
.options dt{color:var(--soft)}
.options dd{margin:0;overflow-wrap:anywhere}
.options .changed{border-color:var(--c);border-width:2px;font-weight:600}
.source{font-size:.85rem;color:var(--soft);margin:0}
.command{display:flex;gap:10px;align-items:flex-start}
.command pre{flex:1;min-width:0;margin:0;background:var(--card)}
button{font:inherit;font-size:.875rem;padding:9px 14px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:var(--ink);cursor:pointer}
.empty{padding:32px;border:1px dashed var(--line);border-radius:10px;color:var(--soft);max-width:none}
@media (max-width:900px){main{padding:14px 16px 48px}section{margin-top:40px}
.facts{grid-template-columns:repeat(auto-fill,minmax(140px,1fr));gap:10px 16px}
.summary thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.summary,.summary tr,.summary th,.summary td{display:block}
.summary tbody{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,300px),1fr));gap:12px}
.summary tr{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.summary tbody th{font-size:1.05rem;border:0;padding:0 0 6px}
.summary td{display:flex;justify-content:space-between;align-items:baseline;gap:12px;border:0;border-top:1px solid var(--grid);padding:5px 0}
.summary td::before{content:attr(data-title);color:var(--soft);font-size:.85rem;text-align:left;white-space:normal}
.summary td>span{text-align:right}
.summary .best>span{margin-right:0;margin-left:0}
}
@media (max-width:560px){.bars li{grid-template-columns:1fr auto}.bars .name{grid-row:1;grid-column:1}.bars .amount{grid-row:1;grid-column:2;text-align:right}.bars .bar{grid-row:2;grid-column:1/3}
.command{flex-direction:column}.command pre{width:100%}
fieldset legend{width:3.6em}}
`;
