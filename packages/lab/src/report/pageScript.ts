/**
 * What the page does with a script: a crosshair that follows pointer, touch and arrow keys and puts the losses under
 * it into the legend; a copy button; details opened for print; the theme remembered. Plain JavaScript, run as it is.
 */
export const pageScript = `"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const on = (id) => byId(id)?.checked === true;

  try {
    const kept = localStorage.getItem("steepest-theme");
    if (kept && byId("theme-" + kept)) byId("theme-" + kept).checked = true;
    for (const input of document.querySelectorAll("input[name=theme]"))
      input.addEventListener("change", () => localStorage.setItem("steepest-theme", input.id.slice(6)));
  } catch {} // no storage in a private window or a sandbox: the switch still works

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("details")) details.open = true;
  });

  const copy = byId("copy");
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(copy.previousElementSibling.textContent);
        copy.textContent = "Copied";
      } catch {
        copy.textContent = "Select the text";
      }
      setTimeout(() => { copy.textContent = "Copy"; }, 1600);
    });
  }

  const store = byId("chart-data");
  if (!store) return;
  const data = JSON.parse(store.textContent);
  const plot = byId("plot");
  const crosshair = byId("crosshair");
  const moment = byId("moment");
  const atEnd = moment.textContent;
  const cells = data.series.map((_, i) => ({
    train: document.querySelector('[data-train="' + i + '"]'),
    validation: document.querySelector('[data-validation="' + i + '"]'),
  }));
  const ends = cells.map(({ train, validation }) => [train.textContent, validation.textContent]);
  let position; // 0 to 1 across the plot, undefined when the end is shown

  const loss = (value) => {
    if (value === undefined) return "–";
    const size = Math.abs(value);
    return (size !== 0 && size < 0.001) || size >= 1e5 ? value.toExponential(2) : value.toFixed(size >= 100 ? 1 : 4);
  };
  const time = (s) => s < 60 ? s.toFixed(s < 10 ? 2 : 1) + " s" : Math.floor(s / 60) + " min " + String(Math.floor(s % 60)).padStart(2, "0") + " s";

  const view = () => {
    const axis = on("x-seconds") ? "seconds" : "step";
    const log = on("scale-log");
    const [low, high] = data.views[axis + (log ? "-log" : "-linear")];
    return {
      axis,
      value: (f) => log ? low * (high / low) ** f : low + f * (high - low),
      fraction: (v) => log ? (v <= low ? 0 : Math.log(v / low) / Math.log(high / low)) : (v - low) / (high - low),
    };
  };
  const nearest = (values, wanted) => {
    let from = 0, to = values.length - 1;
    while (to - from > 1) {
      const middle = (from + to) >> 1;
      if (values[middle] < wanted) from = middle; else to = middle;
    }
    return wanted - values[from] <= values[to] - wanted ? from : to;
  };

  const clear = () => {
    position = undefined;
    crosshair.hidden = true;
    moment.textContent = atEnd;
    cells.forEach(({ train, validation }, i) => [train.textContent, validation.textContent] = ends[i]);
  };

  const show = (fraction) => {
    position = Math.min(1, Math.max(0, fraction));
    const { axis, value, fraction: place } = view();
    const wanted = value(position);
    const [low, high] = data.ranges[on("range-close") ? "close" : "whole"];
    const marks = [];
    const spoken = [];
    let longest = 0;
    data.series.forEach((one, i) => {
      const xs = one[axis];
      const past = xs.length === 0 || wanted > xs[xs.length - 1] * 1.0001 + 1e-9;
      const index = past ? -1 : nearest(xs, wanted);
      if (!past) longest = Math.max(longest, one.step[index]);
      const seen = one.validation.filter((point) => point[axis === "step" ? 0 : 1] <= wanted + 1e-9).at(-1);
      const train = past ? undefined : one.train[index];
      cells[i].train.textContent = past ? "ended" : loss(train);
      cells[i].validation.textContent = loss(seen?.[2]);
      if (past || !on("show-" + i)) return;
      spoken.push(one.label + " " + loss(train));
      const height = 1 - (train - low) / (high - low);
      if (height < 0 || height > 1) return;
      const dot = document.createElement("i");
      dot.className = "s" + i;
      dot.style.top = height * 100 + "%";
      dot.style.marginLeft = (place(xs[index]) - position) * plot.clientWidth + "px";
      marks.push(dot);
    });
    crosshair.replaceChildren(...marks);
    crosshair.hidden = false;
    crosshair.style.left = position * 100 + "%";
    moment.textContent = axis === "step" ? "At step " + Math.round(wanted).toLocaleString("en-US") : "After " + time(wanted) + " of training";
    plot.setAttribute("aria-valuenow", String(Math.round(position * 100)));
    plot.setAttribute("aria-valuetext", moment.textContent + ": " + (spoken.join(", ") || "nothing to show"));
  };

  const at = (event) => {
    const box = plot.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  plot.tabIndex = 0;
  plot.setAttribute("role", "slider");
  plot.setAttribute("aria-label", "Read losses along the curves, arrow keys move");
  plot.setAttribute("aria-valuemin", "0");
  plot.setAttribute("aria-valuemax", "100");
  plot.setAttribute("aria-valuenow", "100");
  plot.addEventListener("pointermove", (event) => show(at(event)));
  plot.addEventListener("pointerdown", (event) => show(at(event)));
  plot.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") clear(); });
  plot.addEventListener("blur", clear);
  plot.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 0.1 : 0.01;
    const moves = { ArrowLeft: -step, ArrowDown: -step, ArrowRight: step, ArrowUp: step, PageDown: -0.1, PageUp: 0.1 };
    if (event.key === "Escape") clear();
    else if (event.key === "Home") show(0);
    else if (event.key === "End") show(1);
    else if (event.key in moves) show((position ?? 1) + moves[event.key]);
    else return;
    event.preventDefault();
  });
  for (const input of document.querySelectorAll(".controls input, .legend input"))
    input.addEventListener("change", () => { if (position !== undefined) show(position); });
})();
`;
