"""Papers that people of the demonstration hand in: real PDFs that say what they are."""

from __future__ import annotations

import io
import json

import typst

_SHEET = """
#let said = json(bytes(sys.inputs.said))
#set document(title: said.title)
#set page(width: 148mm, height: 210mm, margin: 18mm)
#set text(size: 10.5pt, lang: "en")
#text(size: 9pt, fill: luma(90))[Demonstration. Nobody was treated and no course was held.]
= #said.title
#for line in said.lines [ #par(line) ]
"""


def paper(title: str, *lines: str) -> io.BytesIO:
    """A one-page PDF as an upload."""
    content = typst.compile(_SHEET.encode(), sys_inputs={"said": json.dumps({"title": title, "lines": lines})})
    if not isinstance(content, bytes):
        raise TypeError("a paper is one document")
    file = io.BytesIO(content)
    file.name = f"{title.lower().replace(' ', '-')}.pdf"
    return file
