"""O site: Sphinx com myst-nb. As páginas em Markdown e os cadernos com saídas vêm de build.mjs, em outra pasta."""

import os
import sys

sys.path.insert(0, os.path.dirname(__file__))

project = "Caderno de IA Generativa"
author = "quem escreve o Caderno de IA Generativa"
language = "pt_BR"
html_title = project
html_baseurl = os.environ.get("SITE_URL", "")

extensions = ["myst_nb", "book"]
myst_enable_extensions = ["dollarmath", "amsmath", "deflist"]
myst_heading_anchors = 3
suppress_warnings = ["mystnb.unknown_mime_type"]
nb_execution_mode = "off"
nb_merge_streams = True
nb_render_error_lexer = "none"
exclude_patterns = ["jupyter_execute"]

html_theme = "sphinx_book_theme"
# Um arquivo só (-t single): um capítulo sem o site em volta.
single = tags.has("single")  # noqa: F821
root_doc = os.environ.get("ROOT_DOC", "index")
html_sidebars = {"**": []} if single else {}

html_context = {"default_mode": "auto"}
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_toc_level": 2,
    "toc_title": "Nesta página",
    "search_bar_text": "Buscar",
    "article_header_start": [] if single else ["toggle-primary-sidebar.html"],
    "article_header_end": ["theme-switcher.html"] if single else ["download.html", "article-header-buttons.html"],
    "show_prev_next": not single,
    "footer_content_items": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["katex.css", "icons.css", "site.css"]
html_js_files = [(name, {"defer": "defer"}) for name in ("figures.js", "copy.js", "paths.js", "glossary.js")]
html_additional_pages = {} if single else {"search": "search.html"}
html_show_sourcelink = False
html_copy_source = False
html_use_index = False
html_domain_indices = False
html_math_renderer = "katex"
