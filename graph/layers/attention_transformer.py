"""The layers of a transformer: attention, a small network for every step, and their norms."""

from typing import Any, Literal

from graph.declare import declare, param
from graph.layer import Constructor, Emission, Layer, Port, Window, changed, layer
from graph.layers.attention import (
    MASKED_OUT,
    NO_ORDER,
    PADDING_HELP,
    check_heads,
    need_mask,
    need_sequence,
)
from graph.shapes import ShapeError, TensorSpec

WARM_UP = (
    "With norms after the sums (the default) training needs a slow start of the learning rate; "
    "norm_first is easier to train."
)


@declare
class _Transformer(Layer):
    """What encoder, decoder and the two together share."""

    nhead: int = param(
        default=4, min=1, label="Heads", help="Heads of each attention; divides the features."
    )
    dim_feedforward: int = param(
        default=256,
        min=1,
        label="Hidden units",
        help="Width of the small network for every step; usually four times the features.",
    )
    dropout: float = param(
        default=0.1, min=0, max=1, help="Share of the numbers dropped while training."
    )
    activation: Literal["relu", "gelu"] = param(
        default="relu", help="The activation in the small network for every step."
    )
    norm_first: bool = param(
        default=False,
        label="Norms first",
        help="Normalize before attention and network, not after their sums.",
    )
    layer_norm_eps: float = param(
        default=1e-5,
        above=0,
        advanced=True,
        label="Eps",
        help="Added to the variance to avoid dividing by zero.",
    )
    bias: bool = param(
        default=True, advanced=True, help="Add learned numbers in all products and norms."
    )

    def window(self, *inputs: TensorSpec | None) -> Window | None:
        return None

    def vectors(self, name: str, width: int) -> dict[str, tuple[int, ...]]:
        """A bias, where there are any."""
        return {name: (width,)} if self.bias else {}

    def attention_weights(self, prefix: str, features: int) -> dict[str, tuple[int, ...]]:
        """The tensors of one attention."""
        return {
            f"{prefix}.in_proj_weight": (3 * features, features),
            f"{prefix}.out_proj.weight": (features, features),
            **self.vectors(f"{prefix}.in_proj_bias", 3 * features),
            **self.vectors(f"{prefix}.out_proj.bias", features),
        }

    def norm_weights(self, prefix: str, features: int) -> dict[str, tuple[int, ...]]:
        """The tensors of one norm."""
        return {f"{prefix}.weight": (features,), **self.vectors(f"{prefix}.bias", features)}

    def layer_weights(
        self, features: int, attentions: tuple[str, ...]
    ) -> dict[str, tuple[int, ...]]:
        """The tensors of one layer; every attention has a norm, and so has the network."""
        hidden = self.dim_feedforward
        tensors: dict[str, tuple[int, ...]] = {
            "linear1.weight": (hidden, features),
            "linear2.weight": (features, hidden),
            **self.vectors("linear1.bias", hidden),
            **self.vectors("linear2.bias", features),
        }
        for name in attentions:
            tensors |= self.attention_weights(name, features)
        for number in range(1, len(attentions) + 2):
            tensors |= self.norm_weights(f"norm{number}", features)
        return tensors

    def attention_cost(self, x: TensorSpec, other: TensorSpec) -> int:
        """Multiply-adds of an attention of `x` to another sequence of as many features."""
        steps, features = x.sizes
        length = other.sizes[0]
        return 2 * features * (features * (steps + length) + steps * length)

    def network_cost(self, x: TensorSpec) -> int:
        """Multiply-adds of the small network for every step."""
        return 2 * x.elements * self.dim_feedforward

    def keywords(self) -> dict[str, Any]:
        """The arguments of torch's module that all share."""
        return changed(
            dim_feedforward=(self.dim_feedforward, 2048),
            dropout=(self.dropout, 0.1),
            activation=(self.activation, "relu"),
            layer_norm_eps=(self.layer_norm_eps, 1e-5),
        ) | {
            "batch_first": True,
            **changed(norm_first=(self.norm_first, False), bias=(self.bias, True)),
        }

    def need_same_features(self, x: TensorSpec, other: TensorSpec, port: str) -> None:
        """Refuse a second sequence whose steps have another length."""
        if other.sizes[1] != x.sizes[1]:
            raise ShapeError(
                f"expects {int(x.sizes[1])} features a step, as in the other sequence ({x}), but "
                f"receives {other}",
                port=port,
            )

    def summary(self) -> str:
        return f"{int(self.nhead)} heads, {int(self.dim_feedforward)} hidden units"


def _with_masks(first: str, **masks: tuple[str, bool]) -> str:
    """The call, with the arguments that are wanted."""
    wanted = [f"{name}={text}" for name, (text, is_wanted) in masks.items() if is_wanted]
    return f"{{module}}({', '.join([first, *wanted])})"


@layer(
    "TransformerEncoderLayer",
    category="attention",
    title="Transformer encoder layer",
    synonyms=("transformer block", "transformerencoder", "self-attention", "bert", "vit", "gpt"),
    formula="h = norm1(in + attention(in)); out = norm2(h + linear2(activation(linear1(h)))); with "
    "norm_first the norms come before attention and linear1",
    use="Stack several of them to read text or the patches of an image; with causal also to "
    "write text as GPT does.",
    mistakes=(NO_ORDER, WARM_UP, MASKED_OUT),
)
class TransformerEncoderLayer(_Transformer):
    """Lets every step look at all others, then passes each through a small network; both add to
    what was there."""

    INPUTS = (
        Port("in", "A sequence: steps × features."),
        Port("src_key_padding_mask", PADDING_HELP, optional=True),
    )

    causal: bool = param(
        default=False,
        help="Let every step look only at itself and at what came before, as in language models.",
    )

    def infer(self, x: TensorSpec, padding: TensorSpec | None = None) -> TensorSpec:
        need_sequence(x, "in")
        check_heads(x.sizes[1], self.nhead, "nhead", "in")
        need_mask(padding, x.sizes[:1], "steps", "src_key_padding_mask")
        return x

    def weights(self, x: TensorSpec, *masks: TensorSpec | None) -> dict[str, tuple[int, ...]]:
        return self.layer_weights(x.sizes[1], ("self_attn",))

    def multiply_adds(self, x: TensorSpec, *masks: TensorSpec | None) -> int:
        return self.attention_cost(x, x) + self.network_cost(x)

    def emit(self, x: TensorSpec, padding: TensorSpec | None = None) -> Emission:
        return Emission(
            _with_masks(
                "{in}",
                src_mask=("causal_mask({in}, {in})", bool(self.causal)),
                src_key_padding_mask=("{src_key_padding_mask}", padding is not None),
            ),
            Constructor("nn.TransformerEncoderLayer", (x.sizes[1], self.nhead), self.keywords()),
        )


@layer(
    "TransformerDecoderLayer",
    category="attention",
    title="Transformer decoder layer",
    synonyms=("transformer block", "transformerdecoder", "cross-attention", "translation"),
    formula="h = norm1(tgt + attention(tgt)); g = norm2(h + attention(h, memory)); out = norm3(g + "
    "linear2(activation(linear1(g)))); with norm_first the norms come before",
    use="To write a sequence while looking at another one, as in translation; memory is what an "
    "encoder made of that.",
    mistakes=(
        "While it learns to write step by step it must be causal, or it copies the answer.",
        NO_ORDER,
        WARM_UP,
    ),
)
class TransformerDecoderLayer(_Transformer):
    """Lets every step look at those before it and at another sequence, then passes each through a
    small network."""

    INPUTS = (
        Port("tgt", "The sequence that is written: steps × features."),
        Port("memory", "The sequence to look at, with as many features."),
        Port("tgt_key_padding_mask", PADDING_HELP, optional=True),
        Port("memory_key_padding_mask", PADDING_HELP, optional=True),
    )

    causal: bool = param(
        default=True,
        help="Let every step look only at itself and at what was written before it.",
    )

    def infer(
        self,
        tgt: TensorSpec,
        memory: TensorSpec,
        tgt_padding: TensorSpec | None = None,
        memory_padding: TensorSpec | None = None,
    ) -> TensorSpec:
        need_sequence(tgt, "tgt")
        check_heads(tgt.sizes[1], self.nhead, "nhead", "tgt")
        need_sequence(memory, "memory")
        self.need_same_features(tgt, memory, "memory")
        need_mask(tgt_padding, tgt.sizes[:1], "steps of tgt", "tgt_key_padding_mask")
        need_mask(memory_padding, memory.sizes[:1], "steps of memory", "memory_key_padding_mask")
        return tgt

    def weights(
        self, tgt: TensorSpec, memory: TensorSpec, *masks: TensorSpec | None
    ) -> dict[str, tuple[int, ...]]:
        return self.layer_weights(tgt.sizes[1], ("self_attn", "multihead_attn"))

    def multiply_adds(self, tgt: TensorSpec, memory: TensorSpec, *masks: TensorSpec | None) -> int:
        attention = self.attention_cost(tgt, tgt) + self.attention_cost(tgt, memory)
        return attention + self.network_cost(tgt)

    def emit(
        self,
        tgt: TensorSpec,
        memory: TensorSpec,
        tgt_padding: TensorSpec | None = None,
        memory_padding: TensorSpec | None = None,
    ) -> Emission:
        return Emission(
            _with_masks(
                "{tgt}, {memory}",
                tgt_mask=("causal_mask({tgt}, {tgt})", bool(self.causal)),
                tgt_key_padding_mask=("{tgt_key_padding_mask}", tgt_padding is not None),
                memory_key_padding_mask=("{memory_key_padding_mask}", memory_padding is not None),
            ),
            Constructor("nn.TransformerDecoderLayer", (tgt.sizes[1], self.nhead), self.keywords()),
        )


@layer(
    "Transformer",
    category="attention",
    title="Transformer",
    synonyms=("encoder decoder", "translation", "sequence to sequence", "seq2seq"),
    formula="memory = norm(encoder layers(src)); out = norm(decoder layers(tgt, memory))",
    use="A whole network from sequence to sequence as in the first paper: link src and tgt behind "
    "their embeddings and positions.",
    mistakes=(
        NO_ORDER,
        "It ends with features and not with words: put a Linear for each position behind it.",
        WARM_UP,
    ),
)
class Transformer(_Transformer):
    """Reads one sequence with encoder layers, and writes another with decoder layers that look at
    it."""

    INPUTS = (
        Port("src", "The sequence that is read: steps × features."),
        Port("tgt", "The sequence that is written, with as many features."),
        Port("src_key_padding_mask", PADDING_HELP, optional=True),
        Port("tgt_key_padding_mask", PADDING_HELP, optional=True),
    )

    num_encoder_layers: int = param(
        default=2, min=1, max=64, label="Encoder layers", help="How many layers read."
    )
    num_decoder_layers: int = param(
        default=2, min=1, max=64, label="Decoder layers", help="How many layers write."
    )
    causal: bool = param(
        default=True,
        help="Let every written step look only at itself and at what was written before it.",
    )

    def infer(
        self,
        src: TensorSpec,
        tgt: TensorSpec,
        src_padding: TensorSpec | None = None,
        tgt_padding: TensorSpec | None = None,
    ) -> TensorSpec:
        need_sequence(src, "src")
        check_heads(src.sizes[1], self.nhead, "nhead", "src")
        need_sequence(tgt, "tgt")
        self.need_same_features(src, tgt, "tgt")
        need_mask(src_padding, src.sizes[:1], "steps of src", "src_key_padding_mask")
        need_mask(tgt_padding, tgt.sizes[:1], "steps of tgt", "tgt_key_padding_mask")
        return tgt

    def weights(
        self, src: TensorSpec, tgt: TensorSpec, *masks: TensorSpec | None
    ) -> dict[str, tuple[int, ...]]:
        features = src.sizes[1]
        tensors: dict[str, tuple[int, ...]] = {}
        for part, count, attentions in (
            ("encoder", self.num_encoder_layers, ("self_attn",)),
            ("decoder", self.num_decoder_layers, ("self_attn", "multihead_attn")),
        ):
            one = self.layer_weights(features, attentions)
            for number in range(count):
                tensors |= {f"{part}.layers.{number}.{name}": s for name, s in one.items()}
            tensors |= self.norm_weights(f"{part}.norm", features)
        return tensors

    def multiply_adds(self, src: TensorSpec, tgt: TensorSpec, *masks: TensorSpec | None) -> int:
        reading = self.attention_cost(src, src) + self.network_cost(src)
        writing = self.attention_cost(tgt, tgt) + self.attention_cost(tgt, src)
        writing = writing + self.network_cost(tgt)
        return self.num_encoder_layers * reading + self.num_decoder_layers * writing

    def emit(
        self,
        src: TensorSpec,
        tgt: TensorSpec,
        src_padding: TensorSpec | None = None,
        tgt_padding: TensorSpec | None = None,
    ) -> Emission:
        counts = changed(
            num_encoder_layers=(self.num_encoder_layers, 6),
            num_decoder_layers=(self.num_decoder_layers, 6),
        )
        # What is filled up in the source must not be looked at while writing either.
        padding = ("{src_key_padding_mask}", src_padding is not None)
        return Emission(
            _with_masks(
                "{src}, {tgt}",
                tgt_mask=("causal_mask({tgt}, {tgt})", bool(self.causal)),
                # Told so, torch need not compare the mask in every pass.
                tgt_is_causal=("True", bool(self.causal)),
                src_key_padding_mask=padding,
                tgt_key_padding_mask=("{tgt_key_padding_mask}", tgt_padding is not None),
                memory_key_padding_mask=padding,
            ),
            Constructor("nn.Transformer", (src.sizes[1], self.nhead), counts | self.keywords()),
        )

    def summary(self) -> str:
        layers = f"{int(self.num_encoder_layers)} + {int(self.num_decoder_layers)} layers"
        return f"{layers}, {int(self.nhead)} heads"
