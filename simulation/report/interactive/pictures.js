// Pictures of a page: drawn at the width they have, so that text keeps its size; each with its
// numbers as a table and as a file, and a sentence for those who do not see it.

const SVG = "http" + "://www.w3.org/2000/svg";

function drawn(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

function made(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

const textWidth = (() => {
  const context = document.createElement("canvas").getContext("2d");
  if (context) context.font = "12px system-ui, Arial, sans-serif";
  return (text) => (context ? context.measureText(text).width * 1.08 : text.length * 7);
})();

function canvas(width, height, said) {
  return drawn("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": said });
}

const isWords = (cell) => typeof cell === "string" && !/\d/.test(cell);

function table(caption, head, rows) {
  const body = made("tbody");
  for (const row of rows) {
    const line = made("tr", {}, made("th", { scope: "row" }, String(row[0])));
    for (const cell of row.slice(1)) line.append(made("td", isWords(cell) ? { class: "text" } : {},
      cell instanceof Node ? cell : String(cell)));
    body.append(line);
  }
  const heads = head.map((text, i) => made("th", { scope: "col",
    ...(rows.length && isWords(rows[0][i]) ? { class: "text" } : {}) }, text));
  return made("table", {}, made("caption", {}, caption), made("thead", {}, made("tr", {}, ...heads)), body);
}

function download(name, head, rows) {
  const file = new Blob(["\ufeff" + csvText(head, rows)], { type: "text/csv" });
  const link = made("a", { href: URL.createObjectURL(file), download: name + ".csv" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Pictures by the id of their figure. Each gives heading, read (how to read it), said (what it
// shows), head and rows (its numbers, as text), raw (its numbers for a file; rows if left out) and
// draw(width), or null where there is nothing to show.
const pictures = {};

// On paper pictures stand two in a row, in pixels of the paper's width.
const HALF = 330, WIDE = 680;
let printing = false;

function show(id) {
  const figure = document.getElementById(id);
  if (!figure) return;
  const found = pictures[id]();
  figure.hidden = !found;
  if (!found) return;
  figure.querySelector("h3").textContent = found.heading;
  figure.querySelector(".read").textContent = found.read;
  const box = figure.querySelector(".drawing");
  const width = printing ? (figure.classList.contains("wide") ? WIDE : HALF)
    : Math.max(280, Math.floor(box.clientWidth || 640));
  box.replaceChildren(found.draw(width));
  const list = figure.querySelector(".table"), details = figure.querySelector("details");
  const fill = () => list.replaceChildren(table(found.heading, found.head, found.rows));
  if (details.open) fill();
  details.ontoggle = () => { if (details.open) fill(); };
  figure.querySelector(".csv").onclick = () =>
    download(id, found.raw ? found.raw.head : found.head, found.raw ? found.raw.rows : found.rows);
}

function wrapped(label, room) {
  const lines = [""];
  for (const word of label.split(" ")) {
    const longer = (lines[lines.length - 1] + " " + word).trim();
    if (textWidth(longer) <= room || lines[lines.length - 1] === "") lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

function labelAt(svg, label, x, y, room, anchor) {
  const lines = wrapped(label, room), apart = printing ? 11 : 14;
  lines.forEach((line, i) => svg.append(drawn("text", { x, y: y + 4 + (i - (lines.length - 1) / 2) * apart,
    "text-anchor": anchor }, line)));
}

// Rows of {label, mean, low, high, text}: a dot with its interval each, filled where it leaves nought
// out; without a text the mean is written as its own interval allows.
function dots(rows, unit, width, said) {
  const room = Math.min(width * 0.4, Math.max(...rows.map((r) => textWidth(r.label))) + 8);
  const high = printing ? 25 : 34, svg = canvas(width, rows.length * high + 34, said);
  const ends = rows.flatMap((r) => [r.mean, r.low, r.high].filter(Number.isFinite)).concat(0);
  const low = Math.min(...ends), top = Math.max(...ends), span = top - low || 1;
  const left = room + 10, right = width - 78;
  const x = (v) => left + (v - low) / span * (right - left);
  const foot = rows.length * high + 4;
  for (const v of ticks(low, top, Math.max(2, (right - left) / 90))) {
    svg.append(drawn("line", { class: v === 0 ? "axis" : "grid", x1: x(v), x2: x(v), y1: 0, y2: foot }));
    svg.append(drawn("text", { class: "soft", x: x(v), y: foot + 16, "text-anchor": "middle" },
      shortly(v, unit)));
  }
  rows.forEach((r, i) => {
    const y = i * high + high / 2;
    labelAt(svg, r.label, room, y, room, "end");
    if (!Number.isFinite(r.mean)) return;
    if (hasInterval(r)) svg.append(drawn("line", { class: "whisker", x1: x(r.low), x2: x(r.high), y1: y, y2: y }));
    svg.append(drawn("circle", { class: isClear(r) ? "dot" : "dot open", cx: x(r.mean), cy: y, r: 5 }));
    svg.append(drawn("text", { x: width - 2, y: y + 4, "text-anchor": "end" },
      r.text ?? written(r.mean, r, unit, true)));
  });
  return svg;
}

function shortly(value, unit) {
  const size = Math.abs(value);
  const text = size >= 1e6 ? decimal(value / 1e6, size % 1e6 ? 1 : 0) + "m"
    : size >= 10 || value === 0 ? decimal(value, 0) : String(+value.toPrecision(2)).replace("-", "\u2212");
  return unit === "GBP" ? pounds(text) : text;
}

// Rows of {label, from, to, kind, text}: bars that begin where the one before ends.
function waterfall(rows, width, said) {
  const room = Math.min(width * 0.4, Math.max(...rows.map((r) => textWidth(r.label))) + 8);
  const high = printing ? 26 : 32, svg = canvas(width, rows.length * high + 6, said);
  const ends = rows.flatMap((r) => [r.from, r.to]).concat(0);
  const low = Math.min(...ends), span = Math.max(...ends) - low || 1;
  const left = room + 10;
  // As wide as leaves room for every text behind its bar.
  const scale = Math.max(1e-9, Math.min(...rows.map((r) => (width - left - textWidth(r.text) - 12) /
    Math.max(Math.max(r.from, r.to) - low, span / 1e6))));
  const x = (v) => left + (v - low) * scale;
  svg.append(drawn("line", { class: "axis", x1: x(0), x2: x(0), y1: 0, y2: rows.length * high }));
  rows.forEach((r, i) => {
    const y = i * high + 5, start = Math.min(r.from, r.to), end = Math.max(r.from, r.to);
    labelAt(svg, r.label, room, y + high / 2 - 5, room, "end");
    svg.append(drawn("rect", { class: r.kind, x: x(start), y, width: Math.max(2, x(end) - x(start)), height: high - 10 }));
    svg.append(drawn("text", { x: x(end) + 6, y: y + high / 2 - 1 }, r.text));
  });
  return svg;
}

// A line over months with a band and the lines of single seeds; now is a month to mark, or -1.
function monthly(data, width, said) {
  const { dates, means, lows, highs, seeds, now, onPick } = data, height = printing ? 190 : 250;
  const ends = [0, ...means, ...lows, ...highs, ...seeds.flat()].filter(Number.isFinite);
  const low = Math.min(...ends), top = Math.max(...ends), span = top - low || 1;
  const marks = ticks(low, top, 5), left = 12 + Math.max(...marks.map((v) => textWidth(shortly(v))));
  const right = width - 12, bottom = height - 26;
  const x = (j) => left + (dates.length > 1 ? j / (dates.length - 1) : 0.5) * (right - left);
  const y = (v) => bottom - (v - low) / span * (bottom - 10);
  const svg = canvas(width, height, said);
  for (const v of marks) {
    svg.append(drawn("line", { class: v === 0 ? "axis" : "grid", x1: left, x2: right, y1: y(v), y2: y(v) }));
    svg.append(drawn("text", { class: "soft", x: left - 6, y: y(v) + 4, "text-anchor": "end" }, shortly(v)));
  }
  const years = dates.map((d, j) => [d, j]).filter(([d]) => d.endsWith("-01"));
  const step = Math.ceil(years.length * 46 / (right - left)) || 1;
  years.forEach(([d, j], i) => { if (i % step === 0) svg.append(drawn("line",
    { class: "grid", x1: x(j), x2: x(j), y1: bottom, y2: bottom + 6 }), drawn("text",
    { class: "soft", x: x(j), y: height - 6, "text-anchor": "middle" }, d.slice(0, 4))); });
  const points = (values) => values.map((v, j) => `${x(j).toFixed(1)},${y(v).toFixed(1)}`);
  // Where all seeds agree, as in the first months, the band is as thin as the line.
  const edge = (values) => points(values.map((v, j) => (Number.isFinite(v) ? v : means[j])));
  if (lows.some(Number.isFinite)) svg.append(drawn("polygon",
    { class: "band", points: edge(highs).concat(edge(lows).reverse()).join(" ") }));
  for (const own of seeds) svg.append(drawn("polyline", { class: "seed", points: points(own).join(" ") }));
  svg.append(drawn("polyline", { class: "mean", points: points(means).join(" ") }));
  if (now >= 0) svg.append(drawn("line", { class: "now", x1: x(now), x2: x(now), y1: 4, y2: bottom }));
  if (onPick) svg.addEventListener("click", (event) => {
    const at = (event.clientX - svg.getBoundingClientRect().left - left) / (right - left);
    onPick(Math.max(0, Math.min(dates.length - 1, Math.round(at * (dates.length - 1)))));
  });
  return svg;
}
