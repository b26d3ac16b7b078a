// The page of a neighbourhood plan: two pictures of what its tables say.

const known = (v) => (v === null ? NaN : v);
const full = (r) => `${r.label}: ${r.text} (${r.interval})`;

pictures["options-picture"] = () => {
  const rows = D.options.map((r) => ({ ...r, mean: known(r.mean), low: known(r.low), high: known(r.high) }));
  return {
    heading: "Years of work there, with all of the money on one thing",
    read: "A dot is the gain of the residents, its line the interval that holds the model's own average 95 times in 100; hollow: cannot be told from nought. Each row is looked at by itself.",
    head: ["Option", "Years of work", "95 in 100", "Spent", "For each \u00a3100,000"],
    rows: rows.map((r) => [r.label, r.text, r.interval, r.spent,
      r.per === null ? "not known" : decimal(r.per, 1, true)]),
    raw: { head: ["option", "years", "low", "high"], rows: rows.map((r) => [r.label, r.mean, r.low, r.high]) },
    draw: (width) => dots(rows, "years", width, rows.map(full).join(". ")),
  };
};

pictures["path-picture"] = () => {
  const said = `Difference in the last month: ${decimal(D.difference[D.difference.length - 1], 2, true)} points.`;
  return {
    heading: "With the plan less without it: on benefits, per 100 residents",
    read: "Below nought fewer people are on benefits; the band holds the model's own average 95 times in 100, month by month.",
    head: ["Month", "Without", "With", "Difference"],
    rows: D.dates.map((date, i) => [date, decimal(D.without[i], 2), decimal(D.with[i], 2), decimal(D.difference[i], 2, true)]),
    raw: { head: ["month", "without", "with", "difference", "low", "high"],
      rows: D.dates.map((date, i) => [date, D.without[i], D.with[i], D.difference[i], D.low[i], D.high[i]]) },
    draw: (width) => monthly({ dates: D.dates, means: D.difference, lows: D.low.map(known),
      highs: D.high.map(known), seeds: [], now: -1, onPick: null }, width, said),
  };
};

const everything = () => ["options-picture", "path-picture"].forEach(show);
for (const [name, now] of [["beforeprint", true], ["afterprint", false]])
  addEventListener(name, () => { printing = now; everything(); });
addEventListener("resize", everything);
everything();
document.body.dataset.ready = Math.round(performance.now());
