"""O que falta ao Sphinx: fórmulas para o KaTeX, a lista de trechos que a busca percorre e o plotly só onde há figuras."""

import json
from pathlib import Path

from docutils import nodes


def visit_math(self, node):
    self.body.append(self.starttag(node, "span", "", CLASS="math") + self.encode(node.astext()) + "</span>")
    raise nodes.SkipNode


def visit_math_block(self, node):
    self.body.append(self.starttag(node, "div", "", CLASS="math") + self.encode(node.astext()) + "</div>\n")
    raise nodes.SkipNode


BLOCKS = (nodes.paragraph, nodes.term)


def plain(block):
    """O texto, sem as fórmulas e o HTML escrito à mão."""
    texts = block.findall(nodes.Text)
    return "".join(text.astext() for text in texts if not isinstance(text.parent, (nodes.raw, nodes.math)))


def passages(doctree):
    """Uma seção por vez: (âncora, título, texto), sem as subseções e sem o código. Os termos do glossário entram um a um (terms.js)."""
    for section in doctree.findall(nodes.section):
        if "glossario" in section["ids"]:
            continue
        own = [child for child in section.children[1:] if not isinstance(child, (nodes.section, nodes.container))]
        blocks = [block for child in own for block in child.findall(lambda node: isinstance(node, BLOCKS))]
        yield section["ids"][0], section[0].astext(), " ".join(" ".join(map(plain, blocks)).split())


def collect(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    if "figura-desenho" in context["body"]:
        app.add_js_file("plotly.min.js", priority=400, defer="defer")
    page = next(doctree.findall(nodes.title)).astext()
    for anchor, title, text in passages(doctree):
        app.passages.append({"page": page, "url": f"{pagename}.html#{anchor}", "title": title, "text": text})


def without_own_index(app):
    app.builder.search = False
    app.passages = []


def write_passages(app, error):
    if error is None:
        rows = [dict(row, id=i) for i, row in enumerate(app.passages)]
        script = "window.searchPassages = " + json.dumps(rows, ensure_ascii=False).replace("<", "\\u003c") + ";\n"
        Path(app.outdir, "_static", "passages.js").write_text(script, encoding="utf-8")


def setup(app):
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.connect("builder-inited", without_own_index)
    app.connect("html-page-context", collect)
    app.connect("build-finished", write_passages)
