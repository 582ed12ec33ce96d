const typedArrays = [
  "Float64Array",
  "Float32Array",
  "Int32Array",
  "Uint32Array",
  "Int16Array",
  "Uint16Array",
  "Int8Array",
  "Uint8Array",
  "Uint8ClampedArray",
];

/** JSON em que Float64Array e afins vão inteiros, como `{"$array": [tipo, base64]}`. */
export function toJson(data: unknown, path: string): string {
  return JSON.stringify(plain(data, path));
}

function plain(value: unknown, path: string): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`explorer: ${path} deve ser um número finito, recebi ${value}`);
  }
  if (value === null || ["number", "string", "boolean"].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map((item, i) => plain(item, `${path}[${i}]`));
  if (ArrayBuffer.isView(value) && typedArrays.includes(value.constructor.name)) {
    (value as Uint8Array).forEach((item, i) => plain(item, `${path}[${i}]`));
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return { $array: [value.constructor.name, btoa(text)] };
  }
  const prototype =
    typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : undefined;
  if (prototype === null || prototype?.constructor?.name === "Object") {
    return Object.fromEntries(
      Object.entries(value as object).map(([key, item]) => [key, plain(item, `${path}.${key}`)]),
    );
  }
  throw new TypeError(
    `explorer: ${path} deve ser número, texto, lista ou objeto simples, recebi ${prototype?.constructor?.name ?? typeof value}`,
  );
}

/** O que `view` encontra na página: os dados como eram, e a função em que o tsx embrulha as funções com nome. */
export const runtime = `const __name = (f) => f;
const revive = (json) => JSON.parse(json, (key, value) => {
  if (!value || !Array.isArray(value.$array)) return value;
  const bytes = decode(value.$array[1]);
  return new globalThis[value.$array[0]](bytes.buffer);
});
const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
`;
