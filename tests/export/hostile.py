"""Strings that try to be more than text, and a machine in which every name and value is one of them."""

import random
from dataclasses import dataclass, field

import phasm_lab as pl

PIECES = (
    "<script>window.taken = true</script>",
    "</script><script>window.taken = true</script>",
    "<img src=x onerror='window.taken = true'>",
    "<!--",
    "-->",
    "]]>",
    "</textarea></title></style></noscript></table>",
    '" onmouseover="window.taken = true',
    "' autofocus onfocus='window.taken = true",
    "javascript:window.taken=true",
    "<svg onload='window.taken = true'>",
    "&lt;b&gt;&#60;b&#62;",
    "${window.taken = true}",
    "{{7*7}}",
    "\\u003cscript\\u003e",
    "\u202egnirts a",
    "\u2066\u2067\u2069\u200f",
    "\u2028\u2029",
    "\x00\x01\x07\x08\x1b[31m\x7f",
    "\r\n\t\v\f",
    "\ud800",
    "\U0001f469\u200d\U0001f680",
    "e\u0301" * 40,
    "Z\u0351\u036b\u0343" * 30,
    "a" * 300,
    "\u4e2d\u6587" * 60,
    "",
    "%00%0d%0a",
    "__proto__",
    "constructor",
    "\N{ZERO WIDTH SPACE}",
    "back\\slash 'quote' \"quote\" `tick`",
)
LONG = "<b>" * 34_000
"""100 KB."""


def hostile_strings(count, seed=0):
    """So many different strings, the same each time; the last one is of 100 KB."""
    chance = random.Random(seed)
    strings = [*PIECES]
    while len(strings) < count - 1:
        strings.append("".join(chance.choices(PIECES, k=chance.randint(2, 5))) + str(len(strings)))
    return [*strings[: count - 1], LONG]


@dataclass
class Kept:
    """The state: each string by itself."""

    texts: dict[str, str] = field(default_factory=dict)


@dataclass
class Echo:
    """An outside world that answers with what it is asked."""

    heard: list[str] = field(default_factory=list)


async def stf(state, input, actions):
    match input:
        case pl.Normal(text):
            state.texts[text] = text
            actions.add(pl.Tracked(text, text))
            actions.add(pl.Untracked(text))
        case pl.TrackedActionCompleted(text, result):
            del state.texts[text]
            raise ValueError(result)


async def restore(state, actions):
    for text in state.texts:
        actions.add(pl.Tracked(text, text))


def perform(echo, text, choose):
    echo.heard.append(text)
    return choose(text, text + "!")


def hostile_lab(strings):
    """A lab in which each string was an input, an id, a payload, a result, an error, a name and a reason."""

    @pl.always
    def nothing_was_heard(here):
        return "".join(here.environment.heard) or True

    # The name of a class has no character 0 and no half of a surrogate pair in it.
    class_name = next(text for text in strings if text and "\0" not in text and "\ud800" not in text)
    nothing_was_heard.function.__name__ = strings[0] or "nothing"
    lab = pl.Lab(
        pl.Scenario(
            pl.Machine(initial=Kept, stf=stf, restore=restore),
            inputs=strings,
            environment=pl.Environment(initial=type(class_name, (Echo,), {}), perform=perform),
            faults=pl.Faults(crashes=1),
            properties=[nothing_was_heard],
            name=strings[0] or "nothing",
        )
    )
    for text in strings:
        lab.fire(text)
        lab.name(text)
    lab.perform(strings[0], strings[0])
    lab.deliver(strings[0])
    return lab
