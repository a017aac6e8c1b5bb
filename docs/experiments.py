"""What `results.py` trains, and with which data and settings."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Experiment:
    """A template, what it learns from, and what is set otherwise.

    Attributes:
        name: how it is called in the page and on the command line.
        data: name and settings of a dataset, where it is not the template's own; `{images}` stands
            for the folder of images.
        settings: changes of the project, as after `--set`.
        sizes: image sizes at which the trained network is judged besides that of its data.
        start: the experiment whose weights it starts from.
    """

    name: str
    template: str
    data: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    sizes: tuple[int, ...] = field(default=())
    start: str = ""

    @property
    def needs_images(self) -> bool:
        """Whether its images are no part of Kumitate."""
        return any("{images}" in part for part in self.data)


MEMBRANE = (
    "image_masks",
    "images={images}/membrane/image",
    "masks={images}/membrane/label",
    "channels=1",
    "height=256",
    "width=256",
    "horizontal_flip=true",
    "vertical_flip=true",
)
PLAIN = ("training.loss.border_weight=0",)
LONGER = ("training.epochs=120", "training.batch_size=2")

DIGITS = ("digits", "image_size=32")
LARGER = ("digits", "image_size=64")
NARROW = ("blocks.main.parameters.width.default=16",)


def _shapes(image_size: int, samples_per_class: int = 100) -> tuple[str, ...]:
    sizes = (f"image_size={image_size}", f"samples_per_class={samples_per_class}")
    return ("shapes", "classes=10", *sizes)


def _scenes(target: str, image_size: int, samples: int) -> tuple[str, ...]:
    sizes = (f"image_size={image_size}", f"samples={samples}")
    return ("scenes", f"target={target}", "classes=3", *sizes)


EXPERIMENTS = (
    Experiment("logistic-regression", "logistic-regression"),
    Experiment("mlp", "mlp"),
    Experiment("lenet5", "lenet5"),
    Experiment("resnet-small", "resnet-small"),
    Experiment("neocognitron", "neocognitron"),
    Experiment("sppnet-small", "sppnet-small", sizes=(8, 12, 16, 20, 24, 28, 32, 36)),
    Experiment("vit-small", "vit-small"),
    Experiment("lstm-sequences", "lstm-sequences"),
    Experiment("transformer-sequences", "transformer-sequences"),
    Experiment("regression-mlp", "regression-mlp"),
    Experiment("mlp-table", "mlp-table"),
    Experiment("autoencoder", "autoencoder"),
    Experiment("variational-autoencoder", "variational-autoencoder"),
    Experiment("resnet18 on digits, a quarter as wide", "resnet18", DIGITS, NARROW),
    Experiment("mobilenet-v2 on digits", "mobilenet-v2", LARGER, ("training.epochs=20",)),
    Experiment("googlenet on digits", "googlenet", DIGITS),
    Experiment("densenet121 on digits", "densenet121", DIGITS),
    Experiment("yolo-small on scenes", "yolo-small"),
    Experiment(
        "yolo-convolutional on bccd",
        "yolo-convolutional",
        (
            "voc_boxes",
            "folder={images}/bccd",
            "image_size=224",
            "horizontal_flip=true",
            "vertical_flip=true",
            "zoom=0.2",
            "shift=0.1",
        ),
    ),
    Experiment("unet-small on cells, border weights", "unet-small"),
    Experiment("unet-small on cells, plain", "unet-small", settings=PLAIN),
    Experiment("unet-small on membrane, border weights", "unet-small", MEMBRANE, LONGER),
    Experiment("unet-small on membrane, plain", "unet-small", MEMBRANE, (*LONGER, *PLAIN)),
    Experiment("fcn-small on scenes", "fcn-small"),
    Experiment("deeplabv3plus-small on scenes", "deeplabv3plus-small"),
)

THIRTY = ("training.epochs=30",)
TEN = ("training.epochs=10",)
EIGHT = ("training.epochs=8",)
SIX = ("training.epochs=6",)
FIVE = ("training.epochs=5",)
FOUR = ("training.epochs=4",)

HALF = ("training.precision=bfloat16",)

LARGE = (
    Experiment("alexnet", "alexnet", _shapes(128)),
    Experiment("alexnet-2012", "alexnet-2012", _shapes(67, 200)),
    Experiment("squeezenet", "squeezenet", _shapes(64, 200)),
    Experiment("vgg11", "vgg11", _shapes(48, 200), HALF),
    Experiment("vgg16", "vgg16", _shapes(48, 200), (*FIVE, *HALF)),
    Experiment("vgg19", "vgg19", _shapes(48, 200), (*FIVE, *HALF)),
    Experiment("vgg11-bn", "vgg11-bn", _shapes(48, 50)),
    Experiment("vgg16-bn", "vgg16-bn", _shapes(48), HALF),
    Experiment("vgg19-bn", "vgg19-bn", _shapes(48), HALF),
    Experiment("resnet18", "resnet18", _shapes(64)),
    Experiment("resnet34", "resnet34", _shapes(64)),
    Experiment("resnet50", "resnet50", _shapes(64)),
    Experiment("resnet101", "resnet101", _shapes(64), HALF),
    Experiment("mobilenet-v1", "mobilenet-v1", _shapes(64)),
    Experiment("mobilenet-v2", "mobilenet-v2", _shapes(64)),
    Experiment("mobilenet-v3-large", "mobilenet-v3-large", _shapes(64)),
    Experiment("xception65", "xception65", _shapes(64)),
    Experiment("sppnet-zf5", "sppnet-zf5", _shapes(96, 50)),
    Experiment("sppnet-zf5-421", "sppnet-zf5-421", _shapes(96, 50)),
    Experiment("vit-b16", "vit-b16", _shapes(64, 50), HALF),
    Experiment("deeplabv3plus-mobilenetv2", "deeplabv3plus-mobilenetv2", _scenes("masks", 96, 200)),
    Experiment("deeplabv3plus-resnet18", "deeplabv3plus-resnet18", _scenes("masks", 96, 200), TEN),
    Experiment(
        "deeplabv3plus-resnet50",
        "deeplabv3plus-resnet50",
        _scenes("masks", 96, 200),
        (*TEN, *HALF),
    ),
    Experiment(
        "deeplabv3plus-xception65",
        "deeplabv3plus-xception65",
        _scenes("masks", 96, 200),
        TEN,
    ),
    Experiment("fcn-32s", "fcn-32s", _scenes("masks", 128, 200), (*EIGHT, *HALF), start="vgg16"),
    Experiment("fcn-16s", "fcn-16s", _scenes("masks", 128, 200), (*SIX, *HALF), start="fcn-32s"),
    Experiment("fcn-8s", "fcn-8s", _scenes("masks", 128, 200), (*SIX, *HALF), start="fcn-16s"),
    Experiment("pspnet-resnet50", "pspnet-resnet50", _scenes("masks", 96, 100), TEN),
    Experiment("unet", "unet", _scenes("masks", 64, 100), FOUR),
    Experiment(
        "unet-paper",
        "unet-paper",
        ("cells", "image_size=252", "samples=40"),
        FIVE,
    ),
    Experiment("yolo-v1", "yolo-v1", _scenes("boxes", 128, 2000), (*THIRTY, *HALF)),
    Experiment("yolo-v1-darknet", "yolo-v1-darknet", _scenes("boxes", 128, 2000), HALF),
    Experiment("yolo-v1-fast", "yolo-v1-fast", _scenes("boxes", 224, 2000), HALF),
    Experiment("yolo-v1-tiny", "yolo-v1-tiny", _scenes("boxes", 112, 2000)),
)
"""The large templates at their full width, with little data of small images."""
