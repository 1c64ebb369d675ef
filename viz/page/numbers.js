"use strict";
// Numbers as the pictures write them: four digits, small arrays in full, large ones by shape and range (viz/figures.py).

const SMALL = 4;

/** A number with so many digits, a tie to the even digit. */
function rounded(x, digits) {
  const shown = x.toPrecision(digits);
  const tie = new RegExp(`^-?\\d\\.\\d{${digits - 1}}50*e`).test(x.toExponential(60));
  if (!tie) return shown;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(x))) - digits + 1);
  return (rint(x / unit) * unit).toPrecision(digits);
}

function number(x, digits = SMALL) {
  if (Number.isNaN(x)) return "nan";
  if (Math.abs(x) === Infinity) return x < 0 ? "−inf" : "inf";
  let shown = rounded(x, Number.isInteger(x) ? SMALL : digits);
  if (Number.isInteger(x) && Math.abs(x) < 1e6) shown = String(x);
  else if (Math.abs(Number(shown)) < 1e-4) shown = Number(shown).toExponential(digits - 1);
  const [mantissa, exponent] = shown.split("e");
  const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
  return (exponent === undefined ? short : `${short}e${Number(exponent)}`).replace(/-/g, "−");
}

const fill = (text, parts) => text.replace(/{(\w+)}/g, (whole, name) => (name in parts ? parts[name] : whole));
const finite = (value) => !value.data || value.data.every(Number.isFinite);
const isSmall = ({ shape, data }) => shape.length <= 2 && data.length <= SMALL * SMALL && Math.max(1, ...shape) <= SMALL;
const tuple = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
const list = (xs) => `[${xs.map((x) => number(x)).join(", ")}]`;
const rows = ({ shape, data }) => Array.from({ length: shape[0] }, (_, i) => data.slice(i * shape[1], (i + 1) * shape[1]));

/** A mean without digits that a thousandth of the standard deviation does not reach. */
function steadied(mean, spread) {
  const digits = 2 - Math.floor(Math.log10(spread));
  if (!(spread > 0 && spread < Infinity) || digits > 100) return mean;
  return digits < 0 ? Math.round(mean / 10 ** -digits) * 10 ** -digits : Number(mean.toFixed(digits));
}

function extent({ data }, words) {
  const inside = data.filter(Number.isFinite), parts = [];
  const nans = data.filter(Number.isNaN).length, infinities = data.length - inside.length - nans;
  if (inside.length) {
    const low = Math.min(...inside), high = Math.max(...inside);
    const mean = inside.reduce((a, b) => a + b, 0) / inside.length;
    const spread = Math.sqrt(inside.reduce((a, b) => a + (b - mean) ** 2, 0) / inside.length);
    if (low === high && inside.length === data.length) parts.push(fill(words.all, { number: number(low) }));
    else parts.push(`${number(steadied(mean, spread), 3)} ± ${number(spread, 3)}`, fill(words.range, { low: number(low), high: number(high) }));
  }
  if (nans) parts.push(`${nans} × nan`);
  if (infinities) parts.push(`${infinities} × inf`);
  return parts.join(", ");
}

/** A number or an array on one line; in short a matrix is its shape. */
function inline(value, words, short = false) {
  if (!value) return words.unknown;
  if (short && (value.text || !isSmall(value) || value.shape.length > 1)) {
    return value.text || fill(words.shape, { shape: tuple(value.shape) });
  }
  if (value.text) return value.more ? `${value.text}, ${value.more}` : value.text;
  if (!value.data.length) return fill(words.empty, { shape: tuple(value.shape) });
  if (!isSmall(value)) return `${fill(words.shape, { shape: tuple(value.shape) })}, ${extent(value, words)}`;
  if (value.shape.length === 0) return number(value.data[0]);
  return value.shape.length === 1 ? list(value.data) : `[${rows(value).map(list).join(", ")}]`;
}

/** The lines `name = value`, each with whether all in it is finite. */
function equation(name, value, words) {
  if (!value.data.length) return [[`${name} = ${inline(value, words)}`, true]];
  if (!isSmall(value)) {
    return [[`${name}: ${fill(words.shape, { shape: tuple(value.shape) })}`, true], [extent(value, words), finite(value)]];
  }
  if (value.shape.length < 2 || value.shape[0] === 1) return [[`${name} = ${inline(value, words)}`, finite(value)]];
  const cells = rows(value).map((row) => row.map((x) => number(x)));
  const widths = cells[0].map((_, k) => Math.max(...cells.map((row) => row[k].length)));
  const lines = cells.map((row) => `[${row.map((cell, k) => cell.padStart(widths[k])).join("  ")}]`.replace(/ /g, "\u00a0"));
  return [[`${name} =`, true], ...lines.map((text, i) => [text, rows(value)[i].every(Number.isFinite)])];
}
