"""What attention needs besides: where a step stands, and a place to gather the answer."""

from graph.declare import param
from graph.layer import Emission, Layer, Window, call, changed, layer, module, need_float
from graph.layers.attention import need_sequence
from graph.layers.recurrent import SEQUENCE
from graph.shapes import SetArgument, ShapeError, TensorSpec


@layer(
    "PositionalEncoding",
    category="attention",
    title="Positions (waves)",
    synonyms=("sinusoidal", "sine", "position embedding", "transformer", "vaswani"),
    formula="out[t, 2i] = in[t, 2i] + sin(t / 10000^(2i / features)); out[t, 2i + 1] = in[t, 2i + "
    "1] + cos(t / 10000^(2i / features))",
    use="Before the first attention layer, which knows nothing of order otherwise. Takes any "
    "length.",
    mistakes=(
        "Small embeddings drown in waves between −1 and 1; the original transformer multiplies "
        "them by √features before.",
    ),
)
class PositionalEncoding(Layer):
    """Adds to every step a fixed pattern of waves that says where it stands."""

    STRICTER_THAN_TORCH = "a batch of vectors would be taken for steps"

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_sequence(x, "in")
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call("{in} + sinusoidal_positions({in})")


@layer(
    "RotaryEmbedding",
    category="attention",
    title="Positions (rotation)",
    synonyms=("rope", "rotary position embedding", "roformer", "llama"),
    formula="(out[t, 2i], out[t, 2i + 1]) = (in[t, 2i], in[t, 2i + 1]) turned by the angle "
    "t / 10000^(2i / features)",
    use="On queries and keys just before attention: products then depend on how far steps are "
    "apart.",
    mistakes=(
        "It belongs on query and key and not on the value.",
        "LLaMA's weights from Hugging Face pair other features (i and i + features / 2).",
    ),
)
class RotaryEmbedding(Layer):
    """Turns pairs of features by an angle that grows along the sequence."""

    STRICTER_THAN_TORCH = "a batch of vectors would be taken for steps"

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_float(x)
        if x.rank < 2:
            raise ShapeError(
                f"expects {SEQUENCE}, or heads × steps × features, but receives {x}", port="in"
            )
        if x.sizes[-1] % 2:
            raise ShapeError(
                f"turns pairs of features, but receives an odd number of them ({x})", port="in"
            )
        return x

    def emit(self, x: TensorSpec) -> Emission:
        return call("rotate_by_position({in})")


@layer(
    "LearnedPositions",
    category="attention",
    title="Positions (learned)",
    synonyms=("position embedding", "vit", "bert", "transformer"),
    formula="out[t] = in[t] + weight[t]",
    use="Before the first attention layer, where sequences are never longer than some length, as "
    "in BERT, GPT-2 and vision transformers.",
    mistakes=(
        "Steps that were rare in training, such as those at the end of the longest texts, have "
        "learned little.",
    ),
)
class LearnedPositions(Layer):
    """Adds a learned vector to every step, so that attention knows where it stands."""

    STRICTER_THAN_TORCH = "a batch of vectors would be taken for steps"

    max_length: int | None = param(
        default=None,
        min=1,
        label="Longest sequence",
        help="For how many steps vectors are learned; nothing for as many as come in.",
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_sequence(x, "in")
        if self.max_length is not None and x.sizes[0] > self.max_length:
            raise ShapeError(
                f"learns vectors for {int(self.max_length)} steps, but receives "
                f"{int(x.sizes[0])} ({x})",
                port="in",
                repairs=[SetArgument("max_length", int(x.sizes[0]))],
            )
        return x

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (self._length(x), x.sizes[1])}

    def emit(self, x: TensorSpec) -> Emission:
        return module("LearnedPositions", self._length(x), x.sizes[1])

    def summary(self) -> str:
        return "" if self.max_length is None else f"up to {int(self.max_length)} steps"

    def _length(self, x: TensorSpec) -> int:
        return x.sizes[0] if self.max_length is None else self.max_length


@layer(
    "ClassToken",
    category="attention",
    title="Class token",
    synonyms=("cls token", "register token", "vit", "bert", "prepend"),
    formula="out = weight followed by in, along the steps",
    use="Before a transformer that classifies: select step 0 behind it as the answer.",
    mistakes=(
        "The sequence is longer behind it: positions that are learned must be added after it, or "
        "the token has none.",
    ),
)
class ClassToken(Layer):
    """Puts learned vectors before the first step of a sequence."""

    num_tokens: int = param(
        default=1, min=1, label="Tokens", help="How many vectors are put before the sequence."
    )

    def infer(self, x: TensorSpec) -> TensorSpec:
        need_sequence(x, "in")
        return TensorSpec((self.num_tokens + x.sizes[0], x.sizes[1]))

    def weights(self, x: TensorSpec) -> dict[str, tuple[int, ...]]:
        return {"weight": (self.num_tokens, x.sizes[1])}

    def window(self, x: TensorSpec) -> Window | None:
        return None

    def emit(self, x: TensorSpec) -> Emission:
        return module("ClassToken", x.sizes[1], **changed(num_tokens=(self.num_tokens, 1)))

    def summary(self) -> str:
        return "" if self.num_tokens == 1 else f"{int(self.num_tokens)} tokens"
