"""Attention: every step of a sequence gathers what it needs from all steps of another."""

from graph.declare import param
from graph.layer import (
    Constructor,
    Emission,
    Layer,
    Port,
    Window,
    changed,
    layer,
    need_float,
    need_rank,
)
from graph.layers.recurrent import SEQUENCE
from graph.shapes import SetArgument, ShapeError, TensorSpec, product

NO_ORDER = (
    "It knows nothing of the order of steps: add positions (PositionalEncoding or "
    "LearnedPositions) before the first one."
)
MASKED_OUT = "A step that may look at nothing at all gives no number (nan); leave it one at least."


def check_heads(features: int, heads: int, parameter: str, port: str) -> None:
    """Refuse heads among which the features cannot be divided evenly."""
    if features % heads:
        legal = [n for n in range(1, features + 1) if features % n == 0]
        nearest = min(legal, key=lambda n: abs(n - heads))
        raise ShapeError(
            f"{int(heads)} heads must divide the {int(features)} features of a step evenly",
            port=port,
            repairs=[SetArgument(parameter, nearest)],
        )


def need_sequence(x: TensorSpec, port: str) -> None:
    """Refuse anything but decimal numbers in steps × features."""
    need_float(x, port)
    need_rank(x, 2, SEQUENCE, port)


def need_mask(mask: TensorSpec | None, sizes: tuple[int, ...], what: str, port: str) -> None:
    """Refuse a linked mask of another size; it holds truth values, or numbers to be added.

    Args:
        what: the meaning of the sizes.
    """
    if mask is None:
        return
    if mask.dtype == "integer":
        raise ShapeError(
            f"expects truth values (true is hidden) or decimal numbers to add, but receives whole "
            f"numbers of size {mask}; compare them first",
            port=port,
        )
    if mask.sizes != sizes:
        expected = TensorSpec(sizes)
        raise ShapeError(
            f"expects a mask of size {expected} ({what}), but receives {mask}", port=port
        )


PADDING_HELP = "True at steps that are only filled up, so that nobody looks at them."


@layer(
    "MultiheadAttention",
    category="attention",
    title="Multi-head attention",
    synonyms=("self-attention", "cross-attention", "transformer", "multi head attention"),
    formula="out = concat over heads of softmax(Q · Kᵀ / √(features / num_heads)) · V, then times "
    "out_proj; Q, K and V are query, key and value times learned weights",
    use="The heart of transformers. With only query linked it is self-attention; with key linked "
    "to another sequence, query looks things up there.",
    mistakes=(
        NO_ORDER,
        "Its cost grows with the square of the length: twice as many steps, four times the work.",
        MASKED_OUT,
    ),
)
class MultiheadAttention(Layer):
    """Every step of the query looks at all steps of the key, and takes a mean of their values
    weighted by how well they fit, in several ways at once."""

    INPUTS = (
        Port("query", "The sequence that asks: steps × features."),
        Port(
            "key",
            "The sequence to look at; the query itself where nothing is linked.",
            optional=True,
        ),
        Port("value", "What is taken from it; the key where nothing is linked.", optional=True),
        Port("key_padding_mask", PADDING_HELP, optional=True),
        Port(
            "attn_mask",
            "True where a step of the query (row) must not look at a step of the key (column).",
            optional=True,
        ),
    )

    num_heads: int = param(
        default=4, min=1, label="Heads", help="In how many ways at once; divides the features."
    )
    causal: bool = param(
        default=False,
        help="Let every step look only at itself and at what came before, as in language models.",
    )
    dropout: float = param(
        default=0.0, min=0, max=1, help="Share of the looks that are dropped while training."
    )
    need_weights: bool = param(
        default=False,
        label="Show weights",
        help="Give a second output: who looks how much at whom.",
    )
    average_attn_weights: bool = param(
        default=True, advanced=True, help="Give the mean of those weights over the heads."
    )
    bias: bool = param(
        default=True, advanced=True, help="Add learned numbers to queries, keys, values and result."
    )
    add_bias_kv: bool = param(
        default=False, advanced=True, help="Add one learned step to the end of key and value."
    )
    add_zero_attn: bool = param(
        default=False, advanced=True, help="Add a step of zeros to the end of key and value."
    )

    def outputs(self) -> tuple[Port, ...]:
        result = Port("out", "The result for every step of the query.")
        weights = Port("weights", "How much every step looks at every other; a row sums to 1.")
        return (result, weights) if self.need_weights else (result,)

    def infer(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        key_padding_mask: TensorSpec | None = None,
        attn_mask: TensorSpec | None = None,
    ) -> tuple[TensorSpec, ...]:
        need_sequence(query, "query")
        steps, features = query.sizes
        check_heads(features, self.num_heads, "num_heads", "query")
        for port, x in (("key", key), ("value", value)):
            if x is not None:
                need_sequence(x, port)
        key, value = self._filled(query, key, value)
        if key.sizes[0] != value.sizes[0]:
            raise ShapeError(
                f"key and value must have the same number of steps, but have "
                f"{int(key.sizes[0])} and {int(value.sizes[0])}",
                port="value",
            )
        length = key.sizes[0]
        need_mask(key_padding_mask, (length,), "steps of the key", "key_padding_mask")
        need_mask(attn_mask, (steps, length), "steps of the query × of the key", "attn_mask")
        if not self.need_weights:
            return (query,)
        looks = (steps, self._seen(key))
        return query, TensorSpec(looks if self.average_attn_weights else (self.num_heads, *looks))

    def weights(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        *masks: TensorSpec | None,
    ) -> dict[str, tuple[int, ...]]:
        features = query.sizes[1]
        key, value = self._filled(query, key, value)
        tensors: dict[str, tuple[int, ...]] = {}
        if key.sizes[1] == features and value.sizes[1] == features:
            tensors["in_proj_weight"] = (3 * features, features)
        else:
            for name, x in (("q", query), ("k", key), ("v", value)):
                tensors[f"{name}_proj_weight"] = (features, x.sizes[1])
        if self.bias:
            tensors["in_proj_bias"] = (3 * features,)
        if self.add_bias_kv:
            tensors |= {"bias_k": (1, 1, features), "bias_v": (1, 1, features)}
        tensors["out_proj.weight"] = (features, features)
        return tensors | ({"out_proj.bias": (features,)} if self.bias else {})

    def multiply_adds(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        *masks: TensorSpec | None,
    ) -> int:
        steps, features = query.sizes
        key, value = self._filled(query, key, value)
        projections = 2 * query.elements + key.elements + value.elements
        return projections * features + 2 * steps * self._seen(key) * features

    def window(self, *inputs: TensorSpec | None) -> Window | None:
        return None

    def emit(
        self,
        query: TensorSpec,
        key: TensorSpec | None = None,
        value: TensorSpec | None = None,
        key_padding_mask: TensorSpec | None = None,
        attn_mask: TensorSpec | None = None,
    ) -> Emission:
        features = query.sizes[1]
        seen = "{query}" if key is None else "{key}"
        taken = seen if value is None else "{value}"
        arguments = ["{query}", seen, taken]
        if key_padding_mask is not None:
            arguments.append("key_padding_mask={key_padding_mask}")
        values = {}
        if attn_mask is not None:
            # torch wants one mask for each head.
            mask = "{attn_mask}.repeat_interleave({num_heads}, dim=0)"
            values["num_heads"] = self.num_heads
            if self.causal:
                hidden = "True" if attn_mask.dtype == "boolean" else '-float("inf")'
                mask += f".masked_fill(causal_mask({{query}}, {seen}), {hidden})"
            arguments.append(f"attn_mask={mask}")
        elif self.causal:
            arguments.append(f"attn_mask=causal_mask({{query}}, {seen})")
        if not self.need_weights:
            arguments.append("need_weights=False")
        elif not self.average_attn_weights:
            arguments.append("average_attn_weights=False")
        key, value = self._filled(query, key, value)
        keywords = changed(
            dropout=(self.dropout, 0.0),
            bias=(self.bias, True),
            add_bias_kv=(self.add_bias_kv, False),
            add_zero_attn=(self.add_zero_attn, False),
        )
        if key.sizes[1] != features or value.sizes[1] != features:
            keywords |= {"kdim": key.sizes[1], "vdim": value.sizes[1]}
        return Emission(
            f"{{module}}({', '.join(arguments)})",
            Constructor(
                "nn.MultiheadAttention",
                (features, self.num_heads),
                {**keywords, "batch_first": True},
            ),
            targets="{out}, {weights}" if self.need_weights else "{out}, _",
            values=values,
        )

    def summary(self) -> str:
        text = f"{int(self.num_heads)} heads"
        return text + (", causal" if self.causal else "")

    @staticmethod
    def _filled(
        query: TensorSpec, key: TensorSpec | None, value: TensorSpec | None
    ) -> tuple[TensorSpec, TensorSpec]:
        """Key and value, where nothing is linked what stands for them."""
        key = query if key is None else key
        return key, key if value is None else value

    def _seen(self, key: TensorSpec) -> int:
        """How many steps there are to look at."""
        length = key.sizes[0]
        if self.add_bias_kv:
            length = length + 1
        return length + 1 if self.add_zero_attn else length


@layer(
    "ScaledDotProductAttention",
    category="attention",
    title="Attention without weights",
    synonyms=("dot product attention", "flash attention", "transformer"),
    formula="out = softmax(query · keyᵀ · scale) · value, with scale = 1 / √features unless given",
    use="To build attention from its parts: project query, key and value with layers of your own.",
    mistakes=(
        "Its mask is true where a step MAY look; that of MultiheadAttention is true where it may "
        "not.",
        "Several heads are an axis before the steps (heads × steps × features).",
        MASKED_OUT,
    ),
)
class ScaledDotProductAttention(Layer):
    """Every step of the query takes a mean of the values, weighted by how well the keys fit to it;
    nothing is learned here."""

    STRICTER_THAN_TORCH = (
        "axes before the steps must be the same: torch would stretch them, also along the batch"
    )

    INPUTS = (
        Port("query", "What every step asks for: steps × features, or heads × steps × features."),
        Port("key", "What every step is found by, with as many features as the query."),
        Port("value", "What is taken from every step of the key."),
        Port(
            "attn_mask",
            "True where a step of the query (row) may look at one of the key.",
            optional=True,
        ),
    )

    is_causal: bool = param(
        default=False,
        label="Causal",
        help="Let every step look only at itself and at what came before it.",
    )
    scale: float | None = param(
        default=None,
        above=0,
        advanced=True,
        help="Factor for the products; nothing takes 1 / √features.",
    )

    def infer(
        self,
        query: TensorSpec,
        key: TensorSpec,
        value: TensorSpec,
        attn_mask: TensorSpec | None = None,
    ) -> TensorSpec:
        need_float(query, "query")
        if query.rank < 2:
            raise ShapeError(f"expects {SEQUENCE}, but receives {query}", port="query")
        lead = query.sizes[:-2]
        for port, x in (("key", key), ("value", value)):
            need_float(x, port)
            if x.rank != query.rank or x.sizes[:-2] != lead:
                raise ShapeError(
                    f"expects the same axes before the steps as the query ({query}), but receives "
                    f"{x}",
                    port=port,
                )
        if key.sizes[-1] != query.sizes[-1]:
            raise ShapeError(
                f"expects as many features as the query ({int(query.sizes[-1])}), but receives "
                f"{key}",
                port="key",
            )
        if value.sizes[-2] != key.sizes[-2]:
            raise ShapeError(
                f"expects as many steps as the key ({int(key.sizes[-2])}), but receives {value}",
                port="value",
            )
        if attn_mask is not None:
            if self.is_causal:
                raise ShapeError(
                    "a mask is linked and the attention is causal as well; torch takes only one "
                    "of them",
                    port="attn_mask",
                    repairs=[SetArgument("is_causal", False)],
                )
            looks = (query.sizes[-2], key.sizes[-2])
            need_mask(attn_mask, looks, "steps of the query × of the key", "attn_mask")
        return TensorSpec((*query.sizes[:-1], value.sizes[-1]))

    def multiply_adds(
        self, query: TensorSpec, key: TensorSpec, value: TensorSpec, *masks: TensorSpec | None
    ) -> int:
        looks = product((*query.sizes[:-1], key.sizes[-2]))
        return looks * (query.sizes[-1] + value.sizes[-1])

    def window(self, *inputs: TensorSpec | None) -> Window | None:
        return None

    def emit(
        self,
        query: TensorSpec,
        key: TensorSpec,
        value: TensorSpec,
        attn_mask: TensorSpec | None = None,
    ) -> Emission:
        arguments = "{query}, {key}, {value}"
        if attn_mask is not None:
            lead = ", None" * (query.rank - 2)
            arguments += ", attn_mask={attn_mask}" + (f"[:{lead}]" if lead else "")
        if self.is_causal:
            arguments += ", is_causal=True"
        values = {}
        if self.scale is not None:
            arguments += ", scale={scale}"
            values["scale"] = self.scale
        return Emission(f"nn.functional.scaled_dot_product_attention({arguments})", values=values)

    def summary(self) -> str:
        return "causal" if self.is_causal else ""
