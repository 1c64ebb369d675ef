"use strict";
// Runs the program of a graph: arrays are { type, shape, data }, a program is lists of instructions (viz/tracing.py).

const NAMED = { nan: NaN, inf: Infinity, "-inf": -Infinity };
const array = (type, shape, data) => ({ type, shape, data });
const read = (given) => array(given.type, given.shape, given.data.map((x) => (typeof x === "string" ? NAMED[x] : x)));
const filled = (type, shape, x) => array(type, shape, Array(shape.reduce((a, b) => a * b, 1)).fill(x));

const negative = (x) => x < 0 || Object.is(x, -0);

/** The nearest whole number, of two the even one; the sign of zero stays. */
function rint(x) {
  const low = Math.floor(Math.abs(x)), rest = Math.abs(x) - low;
  const whole = rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
  return Number.isFinite(x) ? (negative(x) ? -whole : whole) : x;
}

function half(x) {
  if (!Number.isFinite(x) || x === 0) return x;
  let exponent = Math.floor(Math.log2(Math.abs(x)));
  if (2 ** exponent > Math.abs(x)) exponent -= 1;
  const unit = 2 ** (Math.max(exponent, -14) - 10);
  const found = rint(x / unit) * unit;
  return Math.abs(found) > 65504 ? Math.sign(x) * Infinity : found;
}

const ROUND = { d: Number, f: Math.fround, e: half, i: Number, b: (x) => Number(Boolean(x) || Number.isNaN(x)) };

function remainder(a, b) {
  const rest = a % b;
  if (b === 0 || Number.isNaN(rest)) return NaN;
  if (rest === 0) return b < 0 ? -0 : 0;
  return rest < 0 !== b < 0 ? rest + b : rest;
}

function floorDivide(a, b) {
  if (b === 0) return a / b;
  const quotient = (a - remainder(a, b)) / b;
  if (quotient === 0) return a / b < 0 ? -0 : 0;
  const low = Math.floor(quotient);
  return quotient - low > 0.5 ? low + 1 : low;
}

function power(a, b) {
  if (a === 1 || b === 0) return 1;
  return a === -1 && !Number.isFinite(b) && !Number.isNaN(b) ? 1 : a ** b;
}

function logAddExp(a, b) {
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function logAddExp2(a, b) {
  return a === b ? a + 1 : Math.max(a, b) + Math.log1p(2 ** -Math.abs(a - b)) / Math.LN2;
}

const ELEMENTWISE = {
  negative: (x) => -x, positive: (x) => x, absolute: Math.abs, fabs: Math.abs,
  exp: Math.exp, exp2: (x) => 2 ** x, expm1: Math.expm1,
  log: Math.log, log2: Math.log2, log10: Math.log10, log1p: Math.log1p,
  sqrt: Math.sqrt, cbrt: Math.cbrt, square: (x) => x * x, reciprocal: (x) => 1 / x,
  sin: Math.sin, cos: Math.cos, tan: Math.tan, arcsin: Math.asin, arccos: Math.acos, arctan: Math.atan,
  sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, arcsinh: Math.asinh, arccosh: Math.acosh, arctanh: Math.atanh,
  sign: Math.sign, floor: Math.floor, ceil: Math.ceil, trunc: Math.trunc, rint,
  isnan: Number.isNaN, isinf: (x) => Math.abs(x) === Infinity, isfinite: Number.isFinite, signbit: negative,
  logical_not: (x) => !x, invert: (x, type) => (type === "b" ? !x : -x - 1),
  deg2rad: (x) => x * (Math.PI / 180), radians: (x) => x * (Math.PI / 180),
  rad2deg: (x) => x * (180 / Math.PI), degrees: (x) => x * (180 / Math.PI),
  add: (a, b) => a + b, subtract: (a, b) => a - b, multiply: (a, b) => a * b, divide: (a, b) => a / b,
  floor_divide: floorDivide, remainder, fmod: (a, b) => a % b, power, float_power: power,
  maximum: Math.max, minimum: Math.min,
  fmax: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.max(a, b)),
  fmin: (a, b) => (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b)),
  arctan2: Math.atan2, hypot: Math.hypot, logaddexp: logAddExp, logaddexp2: logAddExp2,
  copysign: (a, b) => (negative(a) === negative(b) ? a : -a),
  heaviside: (a, b) => (Number.isNaN(a) ? NaN : a === 0 ? b : Number(a > 0)),
  equal: (a, b) => a === b, not_equal: (a, b) => a !== b,
  less: (a, b) => a < b, less_equal: (a, b) => a <= b, greater: (a, b) => a > b, greater_equal: (a, b) => a >= b,
  logical_and: (a, b) => a && b, logical_or: (a, b) => a || b, logical_xor: (a, b) => !a !== !b,
  bitwise_and: (a, b) => a & b, bitwise_or: (a, b) => a | b, bitwise_xor: (a, b) => a ^ b,
  where: (c, a, b) => (c || Number.isNaN(c) ? a : b),
};
const OF_NOTHING = { add: 0, multiply: 1, logical_and: 1, logical_or: 0 };

/** For each element of the wide shape the place of the element of the narrow one that it is repeated from. */
function places(narrow, wide) {
  let found = [0], step = narrow.reduce((a, b) => a * b, 1);
  for (let i = 0; i < wide.length; i += 1) {
    const own = narrow[i - wide.length + narrow.length] ?? 1;
    step /= own || 1;
    const stride = own === 1 ? 0 : step;
    const next = [];
    for (const start of found) for (let k = 0; k < wide[i]; k += 1) next.push(start + k * stride);
    found = next;
  }
  return found;
}

const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

function elementwise(name, type, shape, inputs) {
  const f = ELEMENTWISE[name], round = ROUND[type];
  const ways = inputs.map((input) => (same(input.shape, shape) ? null : places(input.shape, shape)));
  const data = filled(type, shape, 0).data.map((_, i) => {
    const given = inputs.map((input, k) => input.data[ways[k] ? ways[k][i] : i]);
    return round(given.length === 1 ? f(given[0], inputs[0].type) : f(...given));
  });
  return array(type, shape, data);
}

function reduce(name, type, shape, input) {
  const f = ELEMENTWISE[name], round = ROUND[type];
  const data = filled(type, shape, undefined).data;
  places(shape, input.shape).forEach((to, i) => {
    data[to] = round(data[to] === undefined ? input.data[i] : f(data[to], input.data[i]));
  });
  return array(type, shape, data.map((x) => (x === undefined ? OF_NOTHING[name] : x)));
}

function step([name, type, shape, ...rest], known) {
  if (name === "const") return read({ type, shape, data: rest[0] });
  if (name === "cast") return array(type, shape, known[rest[0]].data.map((x) => ROUND[type](type === "i" ? Math.trunc(x) : x)));
  if (name === "reduce") return reduce(rest[0], type, shape, known[rest[1]]);
  if (name === "take") {
    const [from, indices] = rest;
    const all = from.flatMap((place) => known[place].data);
    return array(type, shape, indices ? indices.map((i) => (i ? all[i - 1] : 0)) : all);
  }
  return elementwise(name, type, shape, rest.map((place) => known[place]));
}

/** What a function gives for its inputs; an error where they lead another way than the one that was recorded. */
function run(f, inputs) {
  const known = inputs.slice();
  for (const instruction of f.code) known.push(step(instruction, known));
  for (const [place, expected] of f.guards || []) {
    if (!Object.is(known[place].data[0], expected)) throw new RangeError("another way");
  }
  return known[f.result];
}

/** All numbers of a graph, for the values of its leaves. */
function compute(graph, leaves) {
  const { functions } = graph.program, constants = graph.program.constants.map(read);
  const values = [], gradients = [], slopes = [], parts = [];
  const operands = (node) => node.operands.map(([kind, i]) => (kind === "n" ? values[i] : constants[i]));
  graph.nodes.forEach((node, i) => {
    values[i] = node.operands ? run(functions[node.forward], operands(node)) : leaves[i];
  });
  const root = values.length - 1;
  gradients[root] = filled(values[root].type, values[root].shape, 1);
  graph.uses.forEach((use, j) => {
    const saved = [values[use.from], ...operands(graph.nodes[use.from])];
    parts[j] = run(functions[use.rule], [gradients[use.from], ...saved]);
    if (use.slopeRule !== undefined) slopes[j] = run(functions[use.slopeRule], saved);
    else if (use.single) slopes[j] = run(functions[use.rule], [filled(values[use.from].type, [], 1), ...saved]);
    const before = gradients[use.to];
    gradients[use.to] = before ? elementwise("add", before.type, before.shape, [before, parts[j]]) : parts[j];
  });
  return { values, gradients, slopes, parts };
}
