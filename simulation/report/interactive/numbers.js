// Numbers of the page: unpacked, compared seed by seed, written as precisely as they are known.

function unpack(text, kind) {
  const raw = atob(text), bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return new ({ int8: Int8Array, int16: Int16Array, int32: Int32Array })[kind](bytes.buffer);
}

// Mean of batches of seeds with Student's interval; quantiles[n - 1] is t at n degrees of freedom.
// Batches of n_k seeds: the sum of n_k (x_k - mean)^2 over (batches - 1) is the variance of a seed.
// Two seeds that agree are no interval, nor are seeds that do not vary at all.
function estimate(values, sizes, quantiles) {
  if (values.some((v) => v === null || Number.isNaN(v))) return { mean: NaN, low: NaN, high: NaN };
  let total = 0, mean = 0;
  values.forEach((v, k) => { total += sizes[k]; mean += sizes[k] * v; });
  mean /= total;
  if (values.length < 3) return { mean, low: NaN, high: NaN };
  let spread = 0;
  values.forEach((v, k) => { spread += sizes[k] * (v - mean) ** 2; });
  const half = quantiles[values.length - 2] *
    Math.sqrt(spread / (values.length - 1) / total);
  return half > 0 ? { mean, low: mean - half, high: mean + half } : { mean, low: NaN, high: NaN };
}

const hasInterval = (e) => Number.isFinite(e.low) && Number.isFinite(e.high);
const isClear = (e) => hasInterval(e) && (e.low > 0 || e.high < 0);

// Decimals an interval allows; below zero tens and hundreds.
function placesFor(e) {
  const half = (e.high - e.low) / 2;
  return half > 0 ? leading(half) : null;
}

// Decimals of the first figure of a size above nought; of the second after 1 and 2.
function leading(size) {
  const exponent = Math.floor(Math.log10(size));
  return (size / 10 ** exponent < 3 ? 1 : 0) - exponent;
}

// Making a format takes a hundred times as long as using it.
const formats = [];
function numbersOf(places) {
  return formats[places] ??= new Intl.NumberFormat("en-GB",
    { minimumFractionDigits: places, maximumFractionDigits: places });
}

function decimal(value, places, signed) {
  if (!Number.isFinite(value)) return "";
  const scale = 10 ** places, rounded = Math.round(value * scale) / scale, shown = Math.max(places, 0);
  const sign = rounded === 0 ? "" : rounded < 0 ? "\u2212" : signed ? "+" : "";
  return sign + numbersOf(shown).format(Math.abs(rounded));
}

// A number with its unit, "people" and the like left to the heading.
// A mean that is surely not nought and begins with 1 or 2 has two figures at least.
function written(value, e, unit, signed) {
  const isMean = e && isClear(e) && Math.abs(value) === Math.abs(e.mean);
  const least = isMean ? leading(Math.abs(value)) : -Infinity;
  const places = Math.max((e && placesFor(e)) ?? (Math.abs(value) < 10 && unit !== "people" ? 1 : 0), least);
  if (unit !== "GBP") return decimal(value, places, signed);
  if (Math.abs(value) >= 1e6) {
    const allowed = e && placesFor({ low: e.low / 1e6, high: e.high / 1e6 });
    return pounds(decimal(value / 1e6, Math.max(allowed ?? 1, least + 6, 0), signed)) + "m";
  }
  return pounds(decimal(value, Math.min(places, 0), signed));
}

const pounds = (text) => text.replace(/^([+\u2212]?)/, "$1\u00a3");

function interval(e, unit) {
  if (!hasInterval(e)) return "no interval";
  return `${written(e.low, e, unit, true)} to ${written(e.high, e, unit, true)}`;
}

// What a difference says, in words; better is 1, -1 or 0.
function inWords(e, better) {
  if (!hasInterval(e)) return "chance cannot be told from effect";
  if (e.low === 0 && e.high === 0) return "the same in every run";
  if (!isClear(e)) return "cannot be told apart";
  const word = e.mean > 0 ? "more" : "less";
  return better === 0 ? word : `${word}: ${(e.mean > 0) === (better > 0) ? "better" : "worse"}`;
}

// The verdict's word on a pair, corrected for all comparisons; else that of its own interval.
function toldInWords(told, e, better) {
  if (told === "not ranked") return "not ranked: one of the two hardly happened";
  return told === "tie" && isClear(e) ? "cannot be told apart among so many comparisons" : inWords(e, better);
}

// Round steps of an axis, about so many of them.
function ticks(low, high, about) {
  const raw = Math.max(high - low, 1e-9) / about, power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 2.5, 5, 10].find((m) => m * power >= raw) || 10);
  const found = [];
  for (let v = Math.ceil(low / step - 1e-9) * step; v <= high + step * 1e-6; v += step)
    found.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  return found;
}

function csvText(head, rows) {
  const cell = (v) => {
    const text = v === null || v === undefined || Number.isNaN(v) ? "" : String(v);
    return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
