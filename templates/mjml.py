"""MJML templates: compiled to mail HTML once, with their Jinja tags left as they are.

A tag alone on its line may stand where MJML allows no text (between two rows, around a component): it hides in a
comment while MJML compiles, since compilers move loose tags out of tables. A source that is no whole `<mjml>` is
a fragment, the content of one column: blocks of a layout, or a file of macros.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import mrml

HEAD = (Path(__file__).parent / "mails" / "head.mjml").read_text("utf-8")

_ALONE = re.compile(r"^[ \t]*(\{[%{#].*[%}#]\})[ \t]*$", re.MULTILINE)
_HIDDEN = re.compile(r"<!--\s*(\{[%{#].*?[%}#]\})\s*-->", re.DOTALL)
_CUT = "<!--cut-->"
_OPTIONS = mrml.RenderOptions(fonts={})


class BrokenMjml(ValueError):
    """Raised when a template is not MJML, or holds a component that the compiler does not know."""


@lru_cache(maxsize=512)
def html_of(source: str) -> str:
    """Compile one MJML source to HTML that is still a Jinja template; nothing is fetched, no font is linked."""
    whole = source.lstrip().startswith("<mjml")
    hidden = _ALONE.sub(r"<!-- \1 -->", source)
    if whole:
        hidden = hidden.replace("<mj-head/>", HEAD)
    else:
        column = f"<mj-column>{_CUT}{hidden}{_CUT}</mj-column>"
        hidden = f"<mjml>{HEAD}<mj-body><mj-section>{column}</mj-section></mj-body></mjml>"
    try:
        compiled = mrml.to_html(hidden, render_options=_OPTIONS)
    except OSError as fault:
        raise BrokenMjml(str(fault)) from fault
    if compiled.warnings:
        raise BrokenMjml(", ".join(str(warning.kind) for warning in compiled.warnings))
    html = compiled.content if whole else compiled.content.split(_CUT)[1]
    return _HIDDEN.sub(r"\1", html)
