// Wards: what each two arms differ by, month by month or over the whole period, alone or together.

const W = D.wards.code.length;
const kept = D.months.every ? keptMonths() : [];
const packed = {};
for (const name of ["employed", "claimants"]) if (D.months[name]) packed[name] = {
  level: unpack(D.months[name].level, "int32"), step: D.months[name].step,
  change: unpack(D.months[name].change, "int8"),
};
const sums = {};
for (const [name, own] of Object.entries(D.ward_sums)) sums[name] = {
  step: own.step, batches: own.batches, change: unpack(own.change, "int16"),
};

function keptMonths() {
  const found = [];
  for (let j = (D.dates.length - 1) % D.months.every; j < D.dates.length; j += D.months.every) found.push(j);
  return found;
}

// Where in the kept months of wards a month of the area lies, or the last kept one before it.
function keptAt(month) {
  let at = 0;
  kept.forEach((j, i) => { if (j <= month) at = i; });
  return at;
}

// Arm a less arm b of some wards in a kept month, batch by batch of seeds.
function wardMonth(count, a, b, wards, at) {
  const { change, step } = packed[count], K = D.months.batches.length, M = kept.length;
  return D.months.batches.map((_, k) => {
    let total = 0;
    for (const w of wards)
      total += change[((a * K + k) * W + w) * M + at] - change[((b * K + k) * W + w) * M + at];
    return total * step;
  });
}

function wardSum(name, a, b, wards) {
  const { change, step, batches } = sums[name], K = batches.length;
  return batches.map((_, k) => {
    let total = 0;
    for (const w of wards) total += change[(a * K + k) * W + w] - change[(b * K + k) * W + w];
    return total * step;
  });
}

const monthOf = (count, a, b, wards, at) =>
  estimate(wardMonth(count, a, b, wards, at), D.months.batches, D.quantiles);
const sumOf = (name, a, b, wards) =>
  estimate(wardSum(name, a, b, wards), sums[name].batches, D.quantiles);

const level = (count, w, at) => packed[count].level[w * kept.length + at];
const perThousand = (value, w) => 1000 * value / D.wards.residents[w];

// What the map can show: a value a ward, for arm a, or arm a less arm b.
const SHOWN = {
  employed: { label: "people in work, this month", monthly: true, better: 1,
    value: (w, s) => mean(wardMonth("employed", s.a, s.b, [w], keptAt(s.month)), D.months.batches) },
  claimants: { label: "people on benefits, this month", monthly: true, better: -1,
    value: (w, s) => mean(wardMonth("claimants", s.a, s.b, [w], keptAt(s.month)), D.months.batches) },
  work_years: { label: "years of work, whole period", better: 1,
    value: (w, s) => mean(wardSum("work_years", s.a, s.b, [w]), sums.work_years.batches) },
  claimant_years: { label: "years on benefits, whole period", better: -1,
    value: (w, s) => mean(wardSum("claimant_years", s.a, s.b, [w]), sums.claimant_years.batches) },
  on_benefits: { label: "on benefits now, against nothing", level: true, monthly: true,
    value: (w, s) => level("claimants", w, keptAt(s.month)) +
      mean(wardMonth("claimants", s.a, 0, [w], keptAt(s.month)), D.months.batches) },
  need: { label: "need for places a year", level: true, value: (w, s) => covered("need", s.a, w) },
  places: { label: "places a year", level: true, value: (w, s) => covered("places", s.a, w) },
  unmet: { label: "need without a place", level: true, value: (w, s) => covered("unmet", s.a, w) },
  clients: { label: "clients", level: true, value: (w, s) => D.clients[s.a][w] },
};
if (!D.months.every) for (const name of ["employed", "claimants", "on_benefits"]) delete SHOWN[name];
if (!D.coverage) for (const name of ["need", "places", "unmet"]) delete SHOWN[name];
if (!D.clients) delete SHOWN.clients;
if (SHOWN.on_benefits) SHOWN.on_benefits.label = "people on benefits, this month, first choice alone";

function mean(values, sizes) {
  let total = 0, sum = 0;
  values.forEach((v, k) => { total += sizes[k]; sum += sizes[k] * v; });
  return sum / total;
}

const covered = (name, a, w) => D.coverage[name][a].reduce((sum, stage) => sum + stage[w], 0);

// Seven classes either side of nought, or six from nought: one width for all months, so that months
// can be compared. The width leaves one ward in fifty beyond the last class.
const widths = new Map();
function classWidth(s) {
  const key = [s.show, s.a, s.b].join();
  if (!widths.has(key)) {
    const shown = SHOWN[s.show], sizes = [], months = shown.monthly ? kept : [s.month];
    const stride = Math.max(1, Math.floor(months.length / 12));
    for (let i = 0; i < months.length; i += stride)
      for (let w = 0; w < W; w++)
        sizes.push(Math.abs(perThousand(shown.value(w, { ...s, month: months[i] }), w)));
    sizes.sort((p, q) => p - q);
    const large = sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
    widths.set(key, ticks(0, large, shown.level ? 5 : 3)[1] || large);
  }
  return widths.get(key);
}

function classOf(value, s) {
  const width = classWidth(s);
  if (SHOWN[s.show].level) return "s" + Math.max(0, Math.min(5, Math.floor(value / width)));
  const step = Math.max(-3, Math.min(3, Math.round(value * SHOWN[s.show].better / width)));
  return step === 0 ? "z" : (step < 0 ? "m" : "p") + Math.abs(step);
}

function legend(s) {
  const width = classWidth(s), shown = SHOWN[s.show], box = made("div", { class: "legend" });
  const add = (name, text) => {
    const square = drawn("svg", { width: 16, height: 16, "aria-hidden": "true" },
      drawn("rect", { class: name, width: 16, height: 16 }));
    box.append(made("span", {}, square, text));
  };
  if (shown.level) {
    for (let i = 0; i < 6; i++) add("s" + i, i < 5 ? `${shortly(i * width)} to ${shortly((i + 1) * width)}`
      : `${shortly(5 * width)} and over`);
  } else {
    const sign = (v) => decimal(v * shown.better, width % 1 ? 1 : 0, true);
    for (const i of [-3, -2, -1, 0, 1, 2, 3])
      add(i === 0 ? "z" : (i < 0 ? "m" : "p") + Math.abs(i), Math.abs(i) === 3
        ? `${sign((i - Math.sign(i) * 0.5) * width)} and beyond`
        : `${sign((i - 0.5) * width)} to ${sign((i + 0.5) * width)}`);
  }
  box.append(made("span", {}, "per 1,000 residents", shown.level ? "" : "; blue is better, orange worse",
    D.wards.priority.some(Boolean) ? "; dark outline: priority ward" : ""));
  return box;
}

// The map is drawn once a width; months only change classes.
const map = { width: 0, marks: [], box: null };

function drawMap(s, width, onPick) {
  const wide = s.larger ? Math.max(1500, width * 2) : width, shapes = D.shapes;
  const scale = wide / 1000;
  const svg = drawn("svg", { width: wide, height: Math.round(shapes.height * scale),
    viewBox: `0 0 1000 ${shapes.height}`, role: "group",
    "aria-label": "Map of wards. Arrow keys go from ward to ward, Enter adds one to your own set." });
  map.marks = D.wards.code.map((_, w) => {
    const mark = shapes.kind === "boundaries" ? drawn("path", { d: shapes.paths[w] })
      : drawn("circle", { cx: shapes.centres[w][0], cy: shapes.centres[w][1], r: shapes.radii[w] });
    mark.setAttribute("tabindex", "-1");
    mark.setAttribute("role", "img");
    mark.append(drawn("title"));
    mark.addEventListener("click", () => onPick(w, false));
    mark.addEventListener("keydown", (event) => moveOnMap(event, w, onPick));
    svg.append(mark);
    return mark;
  });
  if (shapes.kind === "circles") nameWards(svg, scale);
  map.scale = scale;
  return svg;
}

// Names on circles, the largest wards first, where one has room.
function nameWards(svg, scale) {
  const placed = [];
  const order = D.wards.residents.map((n, w) => [n, w]).sort((p, q) => q[0] - p[0]);
  for (const [, w] of order) {
    const half = textWidth(D.wards.name[w]) / 2 / scale, [x, y] = D.shapes.centres[w];
    const at = Math.min(Math.max(x, half + 2), 998 - half), high = 8 / scale;
    if (placed.some((p) => Math.abs(p.x - at) < p.half + half + 4 && Math.abs(p.y - y) < 2 * high)) continue;
    placed.push({ x: at, y, half });
    svg.append(drawn("text", { class: "name", x: at, y: y + 4 / scale, "text-anchor": "middle",
      style: `font-size:${12 / scale}px;stroke-width:${3 / scale}px` }, D.wards.name[w]));
  }
}

function moveOnMap(event, w, onPick) {
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); onPick(w, true); return; }
  if (!way) return;
  event.preventDefault();
  const [x, y] = D.shapes.centres[w];
  let best = -1, least = Infinity;
  D.shapes.centres.forEach(([ox, oy], o) => {
    const along = (ox - x) * way[0] + (oy - y) * way[1], aside = Math.abs((ox - x) * way[1]) + Math.abs((oy - y) * way[0]);
    if (along > 0 && along + 2 * aside < least) { least = along + 2 * aside; best = o; }
  });
  if (best >= 0) { onPick(best, false); map.marks[best].focus(); }
}

function colourMap(s, inSet) {
  const first = s.ward >= 0 ? s.ward : 0;
  const apart = s.set === "all" ? null : new Set(inSet);
  map.marks.forEach((mark, w) => {
    const value = SHOWN[s.show].value(w, s);
    mark.setAttribute("class", "ward " + classOf(perThousand(value, w), s) +
      (D.wards.priority[w] ? " priority" : "") + (w === s.ward ? " chosen" : "") +
      (apart && !apart.has(w) ? " apart" : ""));
    const text = `${wardName(w)}: ${decimal(value, Math.abs(value) < 10 ? 1 : 0, !SHOWN[s.show].level)}`;
    mark.firstChild.textContent = text;
    mark.setAttribute("aria-label", text);
    mark.setAttribute("tabindex", w === first ? "0" : "-1");
  });
}

const wardName = (w) => D.wards.district[w] && D.wards.district[w] !== D.wards.name[w]
  ? `${D.wards.name[w]}, ${D.wards.district[w]}` : D.wards.name[w];
