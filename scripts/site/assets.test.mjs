import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../root.mjs";
import { sitePackages } from "../setup/venv.mjs";
import { plotlyScript } from "./assets.mjs";

const wheel = join(sitePackages(root), "plotly", "package_data", "plotly.min.js");
const versionIn = (file) => /plotly\.js v(\d+)\.\d+\.\d+/.exec(readFileSync(file, "utf8"))?.[1];

test("o plotly das páginas é da mesma versão maior que o do JupyterLab, e não pesa mais", () => {
  const { dependencies } = createRequire(join(root, "package.json"))("./package.json");
  const script = plotlyScript(root);
  assert.equal(versionIn(script), versionIn(wheel));
  assert.match(dependencies["plotly.js-dist"], new RegExp(`^${versionIn(wheel)}\\.\\d+\\.\\d+$`));
  assert.ok(statSync(script).size <= 1.02 * statSync(wheel).size);
});
