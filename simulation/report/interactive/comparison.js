// The page of a comparison: what is chosen is the state, the state is in the address, and every
// picture is drawn from it.

const $ = (id) => document.getElementById(id);
const label = (arm) => D.arms[arm].label;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const everySeed = D.seeds.map(() => 1);
const overSeeds = (values) => estimate(values, everySeed, D.quantiles);
const inMonths = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
const monthName = (date) => inMonths.format(new Date(date + "-15"));
const everyWard = D.wards.code.map((_, w) => w);
const SETS = { all: ["All wards", everyWard] };
if (D.wards.priority.some(Boolean) && !D.wards.priority.every(Boolean))
  SETS.priority = ["Priority wards", everyWard.filter((w) => D.wards.priority[w])];
if (D.wards.worst.some(Boolean))
  SETS.worst = [capital(D.worst_label), everyWard.filter((w) => D.wards.worst[w])];
const districts = [...new Set(D.wards.district)].sort();
if (districts.length > 1) for (const name of districts)
  SETS["in:" + name] = [name, everyWard.filter((w) => D.wards.district[w] === name)];
SETS.own = ["My own set", []];

const armNamed = (name) => D.arms.findIndex((arm) => arm.name === name);
const first = { a: Math.max(armNamed(D.best), 0), b: 0, count: "employed", month: D.dates.length - 1,
  ward: -1, set: "all", own: [], show: D.months.every ? "work_years" : Object.keys(SHOWN)[0],
  flow: "years", trait: 0, target: 0, larger: false };
const state = { ...first };

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1)), pick = (name, ok, value) => {
    state[name] = said.has(name) && ok(said.get(name)) ? value(said.get(name)) : first[name];
  };
  for (const name of ["a", "b"]) pick(name, (v) => armNamed(v) >= 0, armNamed);
  pick("count", (v) => v in D.series, String);
  pick("month", (v) => D.dates.includes(v), (v) => D.dates.indexOf(v));
  pick("ward", (v) => D.wards.code.includes(v), (v) => D.wards.code.indexOf(v));
  pick("set", (v) => v in SETS, String);
  pick("show", (v) => v in SHOWN, String);
  pick("flow", (v) => ["years", "end"].includes(v), String);
  pick("trait", (v) => D.traits.some((t) => t.name === v), (v) => D.traits.findIndex((t) => t.name === v));
  pick("target", (v) => +v in D.targets, Number);
  pick("own", () => true, (v) => v.split(",").map((code) => D.wards.code.indexOf(code)).filter((w) => w >= 0));
  SETS.own[1] = state.own;
}

function address() {
  const said = new URLSearchParams(), write = (name, value) => {
    if (String(state[name]) !== String(first[name])) said.set(name, value);
  };
  write("a", D.arms[state.a].name);
  write("b", D.arms[state.b].name);
  for (const name of ["count", "set", "show", "flow"]) write(name, state[name]);
  write("month", D.dates[state.month]);
  write("ward", D.wards.code[state.ward]);
  write("trait", (D.traits[state.trait] || {}).name);
  write("target", state.target);
  write("own", state.own.map((w) => D.wards.code[w]).join(","));
  return "#" + said;
}

function writeAddress() {
  const hash = address();
  $("link").href = hash;
  if (hash !== (location.hash || "#")) history.replaceState(null, "", hash === "#" ? location.pathname + location.search : hash);
}

const pair = () => `${capital(label(state.a))} less ${label(state.b)}`;
const differences = (values) => D.seeds.map((_, k) =>
  values[state.a][k] === null || values[state.b][k] === null ? NaN : values[state.a][k] - values[state.b][k]);
const signed = (e, unit) => written(e.mean, e, unit, true);
const full = (e, unit) => `${signed(e, unit)} (${interval(e, unit)})`;
const raw = (e) => [e.mean, e.low, e.high].map((v) => (Number.isFinite(v) ? +v.toPrecision(7) : ""));

function saidOf(each, own) {
  const told = (D.told[each.name] || {})[`${Math.max(state.a, state.b)},${Math.min(state.a, state.b)}`];
  return toldInWords(told, own, each.better);
}

pictures.sums = () => {
  const rows = D.sums.map((each) => {
    const levels = [state.a, state.b].map((arm) => overSeeds(each.values[arm]));
    const own = overSeeds(differences(each.values));
    return { each, levels, own };
  });
  const told = rows.filter(({ each, own }) => each.better !== 0 && Number.isFinite(own.mean));
  return {
    heading: `${pair()}, over the whole period`,
    read: "A dot is the difference, its line the interval that holds the model's own average 95 times in 100; hollow: cannot be told from nought. Each row is looked at by itself.",
    head: ["", capital(label(state.a)), capital(label(state.b)), "Difference", "95 in 100", "In words"],
    rows: rows.map(({ each, levels, own }) => [each.label, ...levels.map((e) => written(e.mean, e, each.unit)),
      signed(own, each.unit), interval(own, each.unit), saidOf(each, own)]),
    raw: { head: ["what", "unit", "first", "second", "difference", "low", "high"],
      rows: rows.map(({ each, levels, own }) => [each.label, each.unit, +levels[0].mean.toPrecision(9), +levels[1].mean.toPrecision(9), ...raw(own)]) },
    draw: (width) => dots(told.map(({ each, own }) => ({ label: each.label, ...own })), "people", width,
      told.map(({ each, own }) => `${each.label}: ${full(own, each.unit)}`).join(". ")),
  };
};

pictures.flows = () => {
  const at = D.flows.arms.indexOf(state.a), against = D.flows.arms.indexOf(state.b);
  if (at < 0) return null;
  const weeks = D.flows.weeks, years = state.flow === "years";
  const share = weeks.map((week, i) => years ? (week - (i ? weeks[i - 1] : 0)) / 52 : i === weeks.length - 1 ? 1 : 0);
  const bySeed = D.flows.values[at].map((snapshots) => D.flows.labels.map((_, f) =>
    snapshots.reduce((sum, flows, i) => sum + flows[f] * share[i], 0)));
  const found = D.flows.labels.map((_, f) => overSeeds(bySeed.map((flows) => flows[f])));
  const last = found.length - 1;
  let rest = found[0].mean;
  const rows = found.map((e, f) => {
    const taken = f > 0 && f < last, start = taken ? rest : 0;
    if (taken) rest -= e.mean;
    return { label: D.flows.labels[f], from: start, to: taken ? rest : e.mean,
      kind: taken ? "less" : "more",
      text: written(taken ? -e.mean : e.mean, e, "people", f === last) };
  });
  const what = years ? "years of work, seen every half year" : "people on the last day";
  const other = against >= 0 ? ` Choose ${label(state.b)} first to see its own.` : "";
  return {
    heading: `${capital(label(state.a))} against ${label(0)}: from gross to net (${what})`,
    read: `From the top: clients in work; less those who would be anyway; less clients who are out of work because of it; less what others lose; what is left is added: ${full(found[last], "people")}.${other}`,
    head: ["", "Mean", "95 in 100"],
    rows: found.map((e, f) => [D.flows.labels[f], written(e.mean, e, "people"), interval(e, "people")]),
    raw: { head: ["what", "mean", "low", "high"], rows: found.map((e, f) => [D.flows.labels[f], ...raw(e)]) },
    draw: (width) => waterfall(rows, width, rows.map((r) => `${r.label}: ${r.text}`).join(". ")),
  };
};

function line(soFar) {
  const values = D.series[state.count];
  const bySeed = D.seeds.map((_, k) => {
    let total = 0;
    return D.dates.map((_, j) => {
      const now = values[state.a][k][j] - values[state.b][k][j];
      return soFar ? (total += now / 12) : now;
    });
  });
  const found = D.dates.map((_, j) => overSeeds(bySeed.map((own) => own[j])));
  const people = state.count === "employed" ? "people in work" : "people on out-of-work benefits";
  const years = state.count === "employed" ? "years of work" : "years on out-of-work benefits";
  const what = soFar ? `${years} since the first day` : `more ${people}`;
  const end = found[found.length - 1], now = found[state.month];
  return {
    heading: `${pair()}: ${what}`,
    read: soFar ? "What was added up to each month. The band holds the model's own average 95 times in 100, month by month."
      : "Grey: one pair of runs each. The band holds the model's own average 95 times in 100, month by month. Choose a month by clicking.",
    head: ["Month", "Difference", "95 in 100"],
    get rows() { return found.map((e, j) => [D.dates[j], signed(e, "people"), interval(e, "people")]); },
    get raw() {
      return { head: ["month", "difference", "low", "high", ...D.seeds.map((s) => "seed " + s)],
        rows: found.map((e, j) => [D.dates[j], ...raw(e), ...bySeed.map((own) => +own[j].toFixed(2))]) };
    },
    draw: (width) => monthly({ dates: D.dates, means: found.map((e) => e.mean), lows: found.map((e) => e.low),
      highs: found.map((e) => e.high), seeds: soFar ? [] : bySeed, now: soFar ? -1 : state.month,
      onPick: soFar ? null : goTo }, width,
    `${what}: ${full(now, "people")} in ${monthName(D.dates[state.month])}, ${full(end, "people")} in the last month.`),
  };
}
pictures.month = () => line(false);
pictures["so-far"] = () => line(true);

pictures.map = () => {
  const shown = SHOWN[state.show], wards = inSet();
  const month = shown.monthly ? `, ${monthName(D.dates[kept[keptAt(state.month)]])}` : "";
  const who = shown.level ? capital(label(state.a)) : pair();
  const rows = () => everyWard.map((w) => [w, shown.value(w, state)]);
  const shapes = D.shapes.kind === "circles" ? " Circles: wards, area by residents, moved apart a little." : "";
  return {
    heading: `${who}: ${shown.label}${month}`,
    read: `One ward in one month is mostly chance: read the pattern, and wards together below.${shapes}${D.shapes.note ? " " + D.shapes.note : ""}`,
    head: ["Ward", "District", "Value", "Per 1,000 residents"],
    get rows() { return rows().map(([w, v]) => [D.wards.name[w], D.wards.district[w], decimal(v, 1, !shown.level), decimal(perThousand(v, w), 1, !shown.level)]); },
    get raw() {
      return { head: ["code", "ward", "district", "value", "per_1000_residents"],
        rows: rows().map(([w, v]) => [D.wards.code[w], D.wards.name[w], D.wards.district[w], +v.toFixed(2), +perThousand(v, w).toFixed(3)]) };
    },
    draw: (width) => {
      const box = made("div", {}, drawMap(state, width, pickWard), legend(state));
      colourMap(state, wards);
      return box;
    },
  };
};

pictures.traits = () => {
  const trait = D.traits[state.trait];
  const rows = trait.rows.map((row) => ({ label: capital(row.label), ...overSeeds(differences(row.values)) }));
  return {
    heading: `${pair()}: ${D.trait_unit === "years of work" ? "years of work" : "people in work on the last day"}, by ${trait.label.charAt(0).toLowerCase()}${trait.label.slice(1)}`,
    read: "Clients or not. To the left of nought there is less work: who stands just behind the clients in the queue can lose what they gain. Hollow dots cannot be told from nought.",
    head: [trait.label, "Difference", "95 in 100", "In words"],
    rows: rows.map((r) => [r.label, signed(r, "people"), interval(r, "people"), inWords(r, 1)]),
    raw: { head: ["who", "difference", "low", "high"], rows: rows.map((r) => [r.label, ...raw(r)]) },
    draw: (width) => dots(rows, "people", width, rows.map((r) => `${r.label}: ${full(r, "people")}`).join(". ")),
  };
};

pictures.targets = () => {
  const target = D.targets[state.target], own = target.rows[state.a];
  $("target-said").textContent = own.said;
  let at = 0;
  const steps = own.steps.filter((step) => step.value).map((step) => {
    const from = at;
    at += step.value;
    return { label: capital(step.what), from, to: at, kind: "less", text: step.text };
  });
  const rows = [...steps,
    { label: "Came to", from: 0, to: own.came.value, kind: "more", text: own.came.text },
    { label: "Promised", from: 0, to: own.promised.value, kind: "more", text: own.promised.text }];
  return {
    heading: `${capital(target.label)}: ${label(state.a)}`,
    read: "Each bar begins where the one before ends; together they are what came, the mean over runs. Below it, what was promised.",
    head: ["", ...target.rows[0].steps.slice(0, -1).map((step) => capital(step.what)), "The choice", "Came to", "Promised"],
    rows: target.rows.map((each, arm) => [capital(label(arm)), ...each.steps.map((step) => step.text), each.came.text, each.promised.text]),
    raw: { head: ["arm", ...target.rows[0].steps.slice(0, -1).map((step) => step.what), "the choice", "came", "promised", "unit"],
      rows: target.rows.map((each, arm) => [label(arm), ...each.steps.map((step) => step.value), each.came.value, each.promised.value, target.unit]) },
    draw: (width) => waterfall(rows, width, own.said),
  };
};

pictures.hires = () => {
  if (!D.hires.length) return null;
  const rows = D.hires.map((row) => ({ label: row.label, ...overSeeds(differences(row.values)) }));
  return {
    heading: `${pair()}: hires over the whole period, by how long out of work`,
    read: "More hires of those long out of work are a queue turned round; fewer of those behind them are its price.",
    head: ["Hired", "Difference", "95 in 100"],
    rows: rows.map((r) => [r.label, signed(r, "people"), interval(r, "people")]),
    raw: { head: ["hired", "difference", "low", "high"], rows: rows.map((r) => [r.label, ...raw(r)]) },
    draw: (width) => dots(rows, "people", width, rows.map((r) => `${r.label}: ${full(r, "people")}`).join(". ")),
  };
};

const STEPS = ["engaged", "action planning", "services", "parked in services", "placement", "job",
  "sustained 26 weeks", "sustained 52 weeks"];
pictures.steps = () => {
  if (!D.journey || !D.journey[state.a].length) return null;
  const through = (arm, name) => Math.max(...["0", "1"].map((side) =>
    D.journey[arm].reduce((sum, link) => sum + (link[side] === name ? link[2] : 0), 0)));
  const others = D.journey[state.b].length ? [state.b] : [];
  const rows = STEPS.map((name) => [name, ...[state.a, ...others].map((arm) => through(arm, name))])
    .filter((row) => row.slice(1).some(Boolean));
  return {
    heading: `How far clients come: ${[state.a, ...others].map(label).join(" and ")}`,
    read: "People who reached each step, means over runs; one person can come twice.",
    head: ["Step", ...[state.a, ...others].map((arm) => capital(label(arm)))],
    rows: rows.map(([name, ...n]) => [capital(name), ...n.map((v) => decimal(v, 0))]),
    raw: { head: ["from", "to", "people"], rows: D.journey[state.a] },
    draw: (width) => waterfall(rows.flatMap(([name, ...n]) => n.map((v, i) => ({
      label: i ? "" : capital(name), from: 0, to: v, kind: i ? "less" : "more", text: decimal(v, 0) }))), width,
    rows.map(([name, ...n]) => `${name}: ${n.map((v) => decimal(v, 0)).join(" against ")}`).join(". ")),
  };
};

pictures.money = () => {
  if (!D.money || !D.money[state.a].length) return null;
  const rows = D.money[state.a].filter(([, budget, paid]) => budget || paid);
  const m = (v) => written(v, null, "GBP");
  return {
    heading: `${capital(label(state.a))}: money paid, by stream`,
    read: "Budget of each stream, and what was paid to providers by the last day.",
    head: ["Stream", "Budget", "Paid"],
    rows: rows.map(([name, budget, paid]) => [capital(name), m(budget), m(paid)]),
    raw: { head: ["stream", "budget_gbp", "paid_gbp"], rows },
    draw: (width) => waterfall(rows.map(([name, budget, paid]) => ({ label: capital(name), from: 0, to: paid,
      kind: "more", text: `${m(paid)} of ${m(budget)}` })), width,
    rows.map(([name, budget, paid]) => `${name}: ${m(paid)} of ${m(budget)}`).join(". ")),
  };
};

const inSet = () => SETS[state.set][1];

function pickWard(w, toOwn) {
  if (toOwn) toggleOwn(w);
  else choose({ ward: w });
}

function toggleOwn(w) {
  const own = state.own.includes(w) ? state.own.filter((o) => o !== w) : [...state.own, w];
  SETS.own[1] = own;
  choose({ own, set: "own", ward: w });
}

function drawWard() {
  const w = state.ward, box = $("ward");
  if (w < 0) {
    box.replaceChildren(made("p", { class: "read" }, "Choose a ward on the map, in the list below or by its name."));
    return;
  }
  const share = D.months.every ? [["On out-of-work benefits at the start", `${decimal(100 * level("claimants", w, 0) / D.wards.residents[w], 1)}%`]] : [];
  const facts = [["Residents of working age", decimal(D.wards.residents[w], 0)], ...share];
  if (D.clients) facts.push([`Clients (${label(state.a)})`, decimal(D.clients[state.a][w], 0)]);
  const nets = Object.entries(D.sum_words).map(([name, words]) => [words, sumOf(name, state.a, state.b, [w])]);
  const parts = [made("h3", {}, wardName(w)),
    table(D.wards.priority[w] ? "A priority ward" : "", ["", ""], facts),
    table(`${pair()}, with intervals (95 in 100)`, ["", "Difference", "In words"],
      nets.map(([words, e]) => [words.label, full(e, words.unit), inWords(e, words.better)]))];
  if (D.coverage) parts.push(table(`Starts a year in each stage, ${label(state.a)}`, ["Stage", "Need", "Places", "Without"],
    D.coverage.stages.map((stage, i) => [capital(stage), ...["need", "places", "unmet"].map((name) => decimal(D.coverage[name][state.a][i][w], 0))])));
  if (D.reached) parts.push(table(`How far clients came, ${label(state.a)}`, ["Step", "People"],
    D.reached.places.map((name, i) => [capital(name), decimal(D.reached.values[state.a][i][w], 0)])));
  const own = made("button", { type: "button" }, state.own.includes(w) ? "Take out of my own set" : "Add to my own set");
  own.onclick = () => toggleOwn(w);
  parts.push(made("p", { class: "tools" }, own));
  if (D.months.every) {
    const found = kept.map((_, at) => monthOf(state.count, state.a, state.b, [w], at));
    const said = `${pair()} in ${wardName(w)}: ${full(found[found.length - 1], "people")} in the last month`;
    parts.push(made("p", { class: "read" }, `More ${state.count === "employed" ? "people in work" : "people on benefits"}, month by month; the band holds the model's own average 95 times in 100.`),
      monthly({ dates: kept.map((j) => D.dates[j]), means: found.map((e) => e.mean), lows: found.map((e) => e.low),
        highs: found.map((e) => e.high), seeds: [], now: keptAt(state.month), onPick: null }, printing ? HALF : Math.max(280, box.clientWidth - 20), said));
  }
  box.replaceChildren(...parts);
}

function setRows() {
  return inSet().map((w) => ({ w, e: sumOf("work_years", state.a, state.b, [w]) }))
    .sort((p, q) => q.e.mean - p.e.mean);
}

function drawSet() {
  const wards = inSet(), name = SETS[state.set][0];
  const said = $("set-said");
  if (!wards.length) {
    said.textContent = "Your own set is empty: choose a ward, then add it.";
    $("ward-list").replaceChildren();
    return;
  }
  const told = Object.entries(D.sum_words).map(([key, words]) =>
    `${words.label.charAt(0).toLowerCase()}${words.label.slice(1)} ${full(sumOf(key, state.a, state.b, wards), words.unit)}`);
  said.textContent = `${name}${name.includes("wards") ? "" : `, ${wards.length} ward${wards.length > 1 ? "s" : ""}`}: ${pair()}: ${told.join("; ")}.`;
  const rows = setRows().map(({ w, e }) => {
    const button = made("button", { type: "button", "aria-label": `Show ${wardName(w)}` }, "Show");
    button.onclick = () => choose({ ward: w });
    return [D.wards.name[w], D.wards.district[w], decimal(D.wards.residents[w], 0), signed(e, "years"), interval(e, "years"), button];
  });
  $("ward-list").replaceChildren(table(`${pair()}: years of work over the whole period. Of ${rows.length} wards, about ${decimal(rows.length / 20, rows.length < 40 ? 1 : 0)} would seem clear by chance alone.`,
    ["Ward", "District", "Residents", "Difference", "95 in 100", ""], rows));
}

function drawSaid() {
  const find = (name) => D.sums.find((each) => each.name === name);
  const years = overSeeds(differences(find("work_years").values)), end = overSeeds(differences(find("work_end").values));
  const lead = state.a === state.b ? "The same is chosen twice."
    : `${pair()}: ${full(years, "years")} years of work; in work on the last day ${full(end, "people")}.`;
  const about = [state.a, state.b].map((arm) => D.arms[arm].about && `${capital(label(arm))}: ${D.arms[arm].about}`).filter(Boolean);
  $("said").replaceChildren(made("strong", {}, lead), " ", about.join(" "));
}

function drawRepeat() {
  if (!$("two-alone")) return;
  const arms = [state.b, state.a].map((arm) => D.repeat.arms[arm]);
  $("two-alone").textContent = ["pathfinder compare compare=own", ...arms, D.repeat.common].join(" ");
}

const EVERYTHING = ["sums", "flows", "targets", "month", "so-far", "map", "traits", "hires", "steps", "money"];
const NEEDED = { month: ["month", "map"], ward: [], own: [], set: [], show: ["map"], flow: ["flows"],
  trait: ["traits"], target: ["targets"], count: ["month", "so-far"], larger: ["map"] };

function choose(change) {
  Object.assign(state, change);
  SETS.own[1] = state.own;
  const names = Object.keys(change);
  draw(names.every((name) => name in NEEDED) ? [...new Set(names.flatMap((name) => NEEDED[name]))] : EVERYTHING, names);
}

// A month only changes the classes of the map; it is drawn anew where its shapes change.
function draw(names, changed) {
  for (const name of names) {
    const quick = name === "map" && changed && changed.length === 1 && changed[0] === "month" && map.marks.length;
    if (quick) {
      const found = pictures.map();
      $("map").querySelector("h3").textContent = found.heading;
      colourMap(state, inSet());
    } else show(name);
  }
  if (!names.includes("map")) colourMap(state, inSet());
  const only = changed || [];
  if (!(only.length === 1 && only[0] === "month") || state.ward >= 0) drawWard();
  if (!only.length || only.some((name) => ["a", "b", "set", "own"].includes(name))) drawSet();
  if (!only.length || only.includes("a") || only.includes("b")) { drawSaid(); drawRepeat(); }
  $("month-name").textContent = monthName(D.dates[state.month]);
  $("month-slider").value = state.month;
  $("larger").setAttribute("aria-pressed", String(state.larger));
  for (const name of ["a", "b", "count", "show", "set", "flow", "trait", "target"]) if ($(name)) $(name).value = String(state[name]);
  writeAddress();
}

function fill(id, pairs) {
  if ($(id)) $(id).replaceChildren(...pairs.map(([value, text]) => made("option", { value }, text)));
}

for (const id of ["a", "b"]) fill(id, D.arms.map((arm, i) => [i, capital(arm.label)]));
fill("show", Object.entries(SHOWN).map(([name, each]) => [name, each.label]));
fill("set", Object.entries(SETS).map(([name, [text]]) => [name, text]));
fill("target", D.targets.map((target, i) => [i, capital(target.label)]));
fill("trait", D.traits.map((trait, i) => [i, trait.label]));
$("ward-names").replaceChildren(...everyWard.map((w) => made("option", { value: wardName(w) })));
$("month-slider").max = D.dates.length - 1;
for (const id of ["a", "b", "trait", "target"]) if ($(id)) $(id).onchange = (event) => choose({ [id]: +event.target.value });
for (const id of ["count", "show", "set", "flow"]) if ($(id)) $(id).onchange = (event) => choose({ [id]: event.target.value });
$("swap").onclick = () => choose({ a: state.b, b: state.a });
// A month is asked for: a map of the whole period gives way to one of months.
const goTo = (month) => choose(SHOWN[state.show].monthly || !SHOWN.employed ? { month }
  : { month, show: state.count });
$("month-slider").oninput = (event) => goTo(+event.target.value);
$("larger").onclick = () => choose({ larger: !state.larger });
$("find").onchange = (event) => {
  const said = event.target.value.trim().toLowerCase();
  const w = everyWard.find((o) => wardName(o).toLowerCase() === said || D.wards.name[o].toLowerCase() === said || D.wards.code[o].toLowerCase() === said);
  if (w !== undefined) choose({ ward: w });
};
let playing = null;
$("play").onclick = () => {
  if (playing) clearInterval(playing);
  playing = playing ? null : setInterval(() => goTo((state.month + 1) % D.dates.length), 250);
  $("play").textContent = playing ? "Stop" : "Play";
};
$("wards-csv").onclick = () => download("wards",
  ["code", "ward", "district", "residents", "years_of_work", "low", "high"],
  setRows().map(({ w, e }) => [D.wards.code[w], D.wards.name[w], D.wards.district[w], D.wards.residents[w], ...raw(e)]));
$("months-csv").onclick = () => download("months",
  ["code", "ward", "month", "in_work", "low", "high", "on_benefits", "low", "high"],
  everyWard.flatMap((w) => kept.map((j, at) => [D.wards.code[w], D.wards.name[w], D.dates[j],
    ...raw(monthOf("employed", state.a, state.b, [w], at)), ...raw(monthOf("claimants", state.a, state.b, [w], at))])));
$("months-csv").hidden = !D.months.every;
addEventListener("hashchange", () => {
  const target = location.hash.slice(1);
  if (target && document.getElementById(target)) return;
  readAddress();
  draw(EVERYTHING);
});
for (const [name, now] of [["beforeprint", true], ["afterprint", false]])
  addEventListener(name, () => { printing = now; draw(EVERYTHING); });
let wide = document.body.clientWidth;
addEventListener("resize", () => {
  if (document.body.clientWidth === wide) return;
  wide = document.body.clientWidth;
  draw(EVERYTHING);
});
readAddress();
draw(EVERYTHING);
document.body.dataset.ready = Math.round(performance.now());
