"""Names and values stay text, whatever they are made of."""

from html.parser import HTMLParser

import pytest

from tests.export.hostile import hostile_lab, hostile_strings

OWN_TAGS = set("html head meta title style body main noscript table caption thead tbody tr th td script".split())  # noqa: SIM905
STRINGS = hostile_strings(2_000)
CHUNKS = [STRINGS[first : first + 100] for first in range(0, 2_000, 100)]


class Tags(HTMLParser):
    """Counts the tags of a page and collects its event handlers."""

    def __init__(self, page):
        super().__init__()
        self.counts = {}
        self.handlers = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.counts[tag] = self.counts.get(tag, 0) + 1
        self.handlers += [name for name, _ in attrs if name.startswith("on")]


@pytest.mark.parametrize("chunk", CHUNKS, ids=range(len(CHUNKS)))
def test_no_string_becomes_markup_in_a_page(chunk):
    page = hostile_lab(chunk).to_html()
    page.encode("utf-8")
    tags = Tags(page)
    assert set() == set(tags.counts) - OWN_TAGS
    assert (2, 1, 1, []) == (tags.counts["script"], tags.counts["title"], tags.counts["main"], tags.handlers)


@pytest.mark.parametrize("chunk", CHUNKS, ids=range(len(CHUNKS)))
def test_no_string_breaks_the_lines_of_the_text(chunk):
    lab = hostile_lab(chunk)
    for text in (repr(lab), repr(lab.trace), repr(lab.graph()), lab.graph().to_dot()):
        assert [] == [line for line in text.split("\n") if not line.isprintable()]
    assert max(map(len, repr(lab).split("\n"))) < 200


def test_2000_strings_are_different():
    assert 2_000 == len(set(STRINGS))
