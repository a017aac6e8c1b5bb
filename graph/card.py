"""The card of a layer: what it does, in words, mathematics, numbers and code.

Everything is taken from the layer's declaration and, for a node, from what is known about it. The
lines of PyTorch come from codegen/line.py or from the generated module; they are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.explain import Explanation, Line, explain_all
from graph.layer import LAYERS, Layer
from graph.results import NodeResult


@dataclass(frozen=True, slots=True)
class Card:
    """What is to be known about a layer.

    Attributes:
        name: torch's name, as in files.
        title: the name for people.
        category: a key of `graph.layer.CATEGORIES`.
        sentence: what it does.
        formula: what it computes.
        use: what it is good for.
        mistakes: what people get wrong with it, and what to do instead.
        synonyms: other names for it.
        console: the layers of Neural Network Console for which it stands.
        explanation: the arithmetic of one node; empty for the layer in general.
        code: the lines of PyTorch that it becomes.
    """

    name: str
    title: str
    category: str
    sentence: str
    formula: str = ""
    use: str = ""
    mistakes: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    console: tuple[str, ...] = ()
    explanation: Explanation = field(default_factory=Explanation)
    code: tuple[str, ...] = ()

    def arithmetic(self) -> list[Line]:
        """All computed numbers: sizes, then weights and multiply-adds."""
        counted = (self.explanation.weights, self.explanation.multiply_adds)
        return [*self.explanation.sizes, *(line for line in counted if line is not None)]


def sentence_of(layer: type[Layer]) -> str:
    """The docstring on one line."""
    return " ".join((layer.__doc__ or "").split())


def layer_card(
    layer: type[Layer], *, explanation: Explanation | None = None, code: Iterable[str] = ()
) -> Card:
    """The card of a layer in general."""
    return Card(
        name=layer.NAME,
        title=layer.TITLE,
        category=layer.CATEGORY,
        sentence=sentence_of(layer),
        formula=layer.FORMULA,
        use=layer.USE,
        mistakes=layer.MISTAKES,
        synonyms=layer.SYNONYMS,
        console=layer.CONSOLE,
        explanation=explanation or Explanation(),
        code=tuple(code),
    )


def node_card(type_: str, result: NodeResult, *, code: Iterable[str] = ()) -> Card | None:
    """The card of a node of a layer, with its own numbers; None for an unknown layer."""
    layer = LAYERS.get(type_)
    if layer is None:
        return None
    return layer_card(layer, explanation=explain_all(result), code=code)


def search_text(layer: type[Layer]) -> str:
    """The words of a card by which somebody may look for a layer, beyond its names."""
    names = (*layer.SYNONYMS, *layer.CONSOLE)
    return " ".join((layer.TITLE, layer.NAME, *names, sentence_of(layer), layer.USE))


def further_text(layer: type[Layer]) -> str:
    """The rest of a card: common mistakes, and what its parameters are called."""
    called = (f"{name} {one.label}" for name, one in layer.PARAMETERS.items())
    return " ".join((*layer.MISTAKES, *called))
