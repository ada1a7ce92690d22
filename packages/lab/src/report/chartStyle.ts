/** The chart's part of the style sheet. `closeUp` turns the whole vertical range into the close one. */
export function chartStyle({ scale, shift }: { readonly scale: number; readonly shift: number }): string {
  const views = ["step-linear", "step-log", "seconds-linear", "seconds-log"].map((id) => {
    const [x, kind] = id.split("-");
    return `:root:has(#x-${x}:checked):has(#scale-${kind}:checked) .view-${id}`;
  });
  // Where :has is unknown the first view, the whole range and no controls remain.
  return `${CHART}.view,.range-close{display:none}.view-step-linear{display:block}
@supports not selector(:has(*)){.controls,.theme,.legend input{display:none}}
@supports selector(:has(*)){.view-step-linear{display:none}${views.join(",")}{display:block}
:root:has(#range-close:checked) .range-close{display:block}
:root:has(#range-close:checked) .range-whole{display:none}
:root:has(#range-close:checked) .marks{transform:matrix(1,0,0,${Number(scale.toPrecision(8))},0,${Number(shift.toPrecision(8))})}}
`;
}

const CHART = `.controls{display:flex;flex-wrap:wrap;gap:10px 22px;margin-bottom:16px}
.legend ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,235px),1fr));gap:6px 20px}
.legend li{display:flex;align-items:flex-start;gap:8px;line-height:1.35}
.legend input{accent-color:var(--c);width:18px;height:18px;margin:1px 0 0;flex:none;cursor:pointer}
.legend label{display:flex;gap:6px;cursor:pointer;overflow-wrap:anywhere;min-width:0}
.legend .key{width:26px;height:10px;margin-top:6px;flex:none;overflow:visible}
.legend .losses{display:block;font-size:.85rem;color:var(--soft);font-variant-numeric:tabular-nums}
.legend .losses span{display:inline-block;margin-right:.5em}.legend .losses b{color:var(--ink);font-weight:550}
.legend li:has(input:not(:checked)){opacity:.55}
.moment{margin:0 0 8px;font-size:.9rem;color:var(--soft);font-variant-numeric:tabular-nums}
.plot-frame{margin-top:14px;padding:24px 10px 46px 44px;position:relative}
.y-title{position:absolute;top:-2px;left:0;font-size:.78rem;color:var(--soft)}
.plot{position:relative;height:clamp(270px,76vw,440px);touch-action:pan-y;cursor:crosshair}
.plot svg{position:absolute;inset:0;width:100%;height:100%;overflow:hidden}
.y-axis,.end-labels,.view{position:absolute;inset:0;pointer-events:none}
.y-axis i{position:absolute;left:0;right:0;border-top:1px solid var(--grid)}
.y-axis b,.x-axis b{position:absolute;font:400 .78rem/1 system-ui,sans-serif;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
.y-axis b{right:calc(100% + 8px);top:-.5em}
.x-axis i{position:absolute;bottom:0;height:5px;margin-bottom:-5px;border-left:1px solid var(--line)}
.x-axis{position:absolute;inset:0;border-bottom:1px solid var(--line)}
.x-axis b{top:9px;transform:translateX(-50%)}
.x-axis em{position:absolute;top:calc(100% + 28px);right:0;font-size:.78rem;font-style:normal;line-height:1;color:var(--soft)}
.plot path,.key path{fill:none;vector-effect:non-scaling-stroke;stroke:var(--c);stroke-linejoin:round;stroke-linecap:round}
.plot .raw{stroke-width:1;opacity:.22}
.plot .band{fill:var(--c);stroke:none;opacity:.18}
.plot .line,.key .line{stroke-width:2.2}
.plot .whisker{stroke-width:1.4;opacity:.7}
.plot .dots,.key .dots{stroke-width:7}
.plot .dots-rim{stroke-width:10;stroke:var(--page)}
.plot .marks{transition:transform .35s ease}
@media (prefers-reduced-motion:reduce){.plot .marks{transition:none}}
.end-labels{display:none;left:calc(100% + 10px);right:auto;width:150px}
.end-labels span{position:absolute;transform:translateY(-50%);font-size:.82rem;line-height:1.1;white-space:nowrap;max-width:150px;overflow:hidden;text-overflow:ellipsis;font-variant-numeric:tabular-nums;padding-left:14px}
.end-labels span::before{content:"";position:absolute;left:0;top:.2em;width:9px;height:9px;border-radius:50%;background:var(--c)}
@media (min-width:900px){.plot-frame{padding-right:168px}.end-labels.range-whole{display:block}}
@media (max-width:899px){.plot .end-labels{display:none!important}}
.crosshair{position:absolute;top:0;bottom:0;width:0;border-left:1px solid var(--soft);pointer-events:none}
.crosshair i{position:absolute;left:-5.5px;width:10px;height:10px;margin-top:-5px;border-radius:50%;background:var(--c);border:2px solid var(--page);box-shadow:0 0 0 1px var(--c)}
`;
