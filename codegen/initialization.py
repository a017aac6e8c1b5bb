"""The lines behind a module's construction that its node's settings ask for: where its weights
start, in which form they are kept, whether and how fast they learn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codegen.names import Namespace
from codegen.python import INDENT, call_lines, literal
from graph.initialization import Initialization
from graph.layer import Layer
from graph.node_settings import PLAIN, NodeSettings
from graph.settled import initialized, is_bias
from graph.sharing import declares_weights
from graph.trace import is_symbolic


@dataclass(frozen=True, slots=True)
class SettingLines:
    """Lines of a constructor, and the names that they need besides Python."""

    texts: tuple[str, ...] = ()
    names: frozenset[str] = frozenset()


def setting_lines(
    module: str,
    settings: NodeSettings,
    layer: Layer | None,
    weights: Mapping[str, tuple[int, ...]],
    *,
    indent: str,
    taken: Iterable[str] = (),
) -> SettingLines:
    """What follows the construction of a node's module.

    Args:
        module: the attribute, `self.conv1`.
        layer: what the module is; None for a block.
        weights: its learned tensors, as in its state dict.
        taken: names that mean something in the constructor.
    """
    if settings is PLAIN or not declares_weights(type(layer) if layer else None):
        return SettingLines()
    texts: list[str] = []
    names: set[str] = set()
    start = settings.initialization
    if layer is not None and weights and start != PLAIN.initialization:
        texts += _start_lines(module, start, layer, weights, indent, taken)
        names.update([start.FUNCTION.partition(".")[0]] if start.FUNCTION else [])
    if settings.weight_norm == "standardized":
        head = f"{indent}nn.utils.parametrize.register_parametrization("
        texts += call_lines(head, [module, '"weight"', "StandardizedWeight()"])
        names.add("StandardizedWeight")
    elif settings.weight_norm is not None:
        texts.append(f"{indent}nn.utils.parametrizations.{settings.weight_norm}_norm({module})")
    if settings.frozen:
        texts.append(f"{indent}{module}.requires_grad_(False)")
    if settings.learning_rate_factor != PLAIN.learning_rate_factor:
        factor = literal(settings.learning_rate_factor)
        texts.append(f"{indent}{module}.learning_rate_factor = {factor}")
    return SettingLines(tuple(texts), frozenset(names))


def _start_lines(
    module: str,
    start: Initialization,
    layer: Layer,
    weights: Mapping[str, tuple[int, ...]],
    indent: str,
    taken: Iterable[str],
) -> list[str]:
    filled = initialized(weights) if start.FUNCTION else []
    biases = [name for name in weights if is_bias(name)] if start.bias is not None else []
    simple = len(filled) < 2 and not any("." in name for name in (*filled, *biases))
    # Where a parameter of the block decides whether there is a bias, another use may have none.
    if simple and len(biases) < 2 and not (biases and is_symbolic(getattr(layer, "bias", True))):
        lines = [x for name in filled for x in _fill(start, layer, module, name, indent)]
        return lines + [x for name in biases for x in _fill_bias(start, f"{module}.{name}", indent)]
    space = Namespace(taken)
    name, tensor = space.give("name"), space.give("tensor")
    inner = indent + INDENT * 2
    body: list[str] = []
    if biases:
        body += [f'{indent}{INDENT}if "bias" in {name}:', *_fill_bias(start, tensor, inner)]
    if filled:
        condition = _is_filled(filled, weights, name, tensor, told=bool(biases))
        word = ("elif " if condition else "else") if biases else "if "
        body += [f"{indent}{INDENT}{word}{condition}:"]
        body += _fill(start, layer, module, "", inner, tensor)
    return [f"{indent}for {name}, {tensor} in {module}.named_parameters():", *body] if body else []


def _is_filled(
    filled: list[str], weights: Mapping[str, tuple[int, ...]], name: str, tensor: str, *, told: bool
) -> str:
    """The condition under which a tensor is filled; `told` where biases are sorted out already."""
    conditions = []
    if all("weight" in one for one in filled):
        conditions.append(f'"weight" in {name}')
    if not told and (not conditions or any("weight" in n for n in weights if is_bias(n))):
        conditions.append(f'"bias" not in {name}')
    if any(len(sizes) < 2 for one, sizes in weights.items() if not is_bias(one)) and all(
        len(weights[one]) > 1 for one in filled
    ):
        conditions.append(f"{tensor}.ndim > 1")
    return " and ".join(conditions)


def _fill(
    start: Initialization, layer: Layer, module: str, name: str, indent: str, tensor: str = ""
) -> list[str]:
    arguments = [tensor or f"{module}.{name}"]
    arguments += [f"{key}={literal(value)}" for key, value in start.keywords().items()]
    groups = getattr(layer, "groups", 1)
    if start.NAME == "bilinear" and (is_symbolic(groups) or groups != 1):
        arguments.append(f"groups={module}.groups")
    return call_lines(f"{indent}{start.FUNCTION}(", arguments)


def _fill_bias(start: Initialization, tensor: str, indent: str) -> list[str]:
    if start.bias == 0:
        return [f"{indent}nn.init.zeros_({tensor})"]
    return [f"{indent}nn.init.constant_({tensor}, {literal(start.bias)})"]
