/**
 * Funções de `node:util` que o tfjs-node 4.22 ainda chama. O Node 23 retirou quase todas; a isArray ficou, mas do Node 22 em
 * diante avisa no canal de erros. Por isso se trocam todas. Carregado antes de qualquer célula.
 */
const util = require("node:util");

const replacements = {
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

Object.assign(util, replacements);
