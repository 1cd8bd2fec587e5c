"""Reading a piece of HTML in a test."""

from collections import Counter
from html.parser import HTMLParser

VOID = {
    "input",
    "br",
    "img",
    "meta",
    "link",
    "hr",
    "col",
    "wbr",
    "rect",
    "path",
    "line",
    "circle",
    "polyline",
    "polygon",
}


class Page(HTMLParser):
    """Tags with their attributes in order, the text, and whether every tag is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self.open, self.faults = [], [], [], []
        self.feed(str(text))
        self.faults += [f"<{tag}> is never closed" for tag in self.open]

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]

    def repeated_ids(self):
        return [name for name, number in Counter(a["id"] for _, a in self.tags if "id" in a).items() if number > 1]
