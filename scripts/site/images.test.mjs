import assert from "node:assert/strict";
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { withImages } from "./images.mjs";

test("imagens da pasta e da célula entram no texto; o que não se acha fica como era", () => {
  const folder = mkdtempSync(join(tmpdir(), "imagens-"));
  try {
    mkdirSync(join(folder, "minhas fotos"));
    writeFileSync(join(folder, "minhas fotos", "é.png"), "abc");
    const attachments = { "a.png": { "image/png": "QUJD" } };
    const text = (source) => withImages({ source, attachments }, folder);
    const data = "data:image/png;base64,YWJj";
    assert.equal(text("![uma <foto>](<minhas fotos/é.png>)"), `<img alt="uma &#60;foto&#62;" src="${data}">`); // prettier-ignore
    assert.equal(text("![x](minhas%20fotos/%C3%A9.png)"), `<img alt="x" src="${data}">`);
    assert.equal(text('<img width="9" src="minhas fotos/é.png">'), `<img width="9" src="${data}">`);
    assert.equal(text("![y](attachment:a.png)"), '<img alt="y" src="data:image/png;base64,QUJD">');
    for (const kept of ["![z](falta.png)", "![z](https://a.org/b.png)", "![z](/etc/x.png)", "![z](a%.png)"])
      assert.equal(text(kept), kept);
  } finally {
    rmSync(folder, { recursive: true });
  }
}); // prettier-ignore
