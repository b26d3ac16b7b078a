// The page of a study: an outcome, a policy and a measure are chosen, and are in the address.

const $ = (id) => document.getElementById(id);
const MOST_DRAWN = 40;
const state = { outcome: 0, policy: 0, index: 0 };
const outcome = () => D.outcomes[state.outcome];
const known = (row) => ({ label: row.label, mean: row.mean ?? NaN, low: row.low ?? NaN, high: row.high ?? NaN });
const text = (row, unit) => `${written(row.mean, row, unit, true)} (${interval(row, unit)})`;

function picture(heading, read, head, found, unit) {
  if (!found.length) return null;
  const rows = found.map(known), drawnRows = rows.slice(0, MOST_DRAWN);
  const more = rows.length > MOST_DRAWN ? ` The first ${MOST_DRAWN} of ${rows.length} are drawn; the table has all.` : "";
  return {
    heading, read: read + more, head: [head, unit || "Value", "95 in 100"],
    rows: rows.map((row) => [row.label, written(row.mean, row, unit, true), interval(row, unit)]),
    raw: { head: [head, "value", "low", "high"],
      rows: rows.map((row) => [row.label, row.mean, row.low, row.high]) },
    draw: (width) => dots(drawnRows, unit, width, drawnRows.map((row) => `${row.label}: ${text(row, unit)}`).join(". ")),
  };
}

pictures.regret = () => picture(`${D.outcomes.length ? outcome().label : ""}: most to regret, by policy`,
  "How much worse than the best policy in the same future, where it is worst. To the left is better.",
  "Policy", D.outcomes.length ? outcome().policies.map((row) => ({ label: row.label, ...row.largest })) : [],
  D.outcomes.length ? outcome().unit : "");

pictures.differences = () => {
  const own = D.outcomes.length ? outcome().differences[state.policy] : null;
  return own ? picture(`${outcome().label}: ${own.label} less the baseline, future by future`,
    "A dot is the difference, its line the interval that holds the model's own average 95 times in 100; hollow: cannot be told from nought.",
    "Future", own.rows, outcome().unit) : null;
};

pictures.indices = () => {
  const own = D.outcomes.length ? outcome().indices[state.index] : null;
  return own ? picture(`${outcome().label}: ${own.label}`,
    "Corrected for chance between seeds. Hollow: cannot be told from nought.", "Factor", own.rows, "") : null;
};

function fill(id, items) {
  $(id).replaceChildren(...items.map((item, i) => {
    const option = document.createElement("option");
    option.value = i;
    option.textContent = item.label;
    return option;
  }));
  $(id).parentElement.hidden = items.length < 2;
  $(id).value = state[id];
}

function draw() {
  if (!D.outcomes.length) { for (const id of Object.keys(pictures)) show(id); return; }
  state.policy = Math.min(state.policy, Math.max(0, outcome().differences.length - 1));
  state.index = Math.min(state.index, Math.max(0, outcome().indices.length - 1));
  fill("outcome", D.outcomes);
  fill("policy", outcome().differences);
  fill("index", outcome().indices);
  for (const id of Object.keys(pictures)) show(id);
  const hash = "#" + new URLSearchParams(Object.entries(state).filter(([, value]) => value));
  $("link").href = hash;
  if (hash !== "#" || location.hash.includes("=")) history.replaceState(null, "", hash);
}

function readAddress() {
  const said = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(state)) state[name] = Math.max(0, Math.trunc(+said.get(name)) || 0);
  state.outcome = Math.min(state.outcome, Math.max(0, D.outcomes.length - 1));
}

for (const id of Object.keys(state)) $(id).onchange = (event) => { state[id] = +event.target.value; draw(); };
for (const [name, now] of [["beforeprint", true], ["afterprint", false]])
  addEventListener(name, () => { printing = now; draw(); });
addEventListener("hashchange", () => { if (location.hash.includes("=")) { readAddress(); draw(); } });
let wide = document.body.clientWidth;
addEventListener("resize", () => {
  if (document.body.clientWidth !== wide) { wide = document.body.clientWidth; draw(); }
});
readAddress();
draw();
document.body.dataset.ready = Math.round(performance.now());
