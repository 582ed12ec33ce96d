/**
 * Funções de `node:util` que o Node 23 retirou e que o tfjs-node 4.22 ainda chama.
 * Carregado antes de qualquer célula.
 */
const util = require("node:util");

const removed = {
  isArray: Array.isArray,
  isBoolean: (value) => typeof value === "boolean",
  isFunction: (value) => typeof value === "function",
  isNull: (value) => value === null,
  isNullOrUndefined: (value) => value === null || value === undefined,
  isNumber: (value) => typeof value === "number",
  isObject: (value) => value !== null && typeof value === "object",
  isPrimitive: (value) => Object(value) !== value,
  isString: (value) => typeof value === "string",
  isUndefined: (value) => value === undefined,
};

for (const [name, implementation] of Object.entries(removed)) util[name] ??= implementation;
