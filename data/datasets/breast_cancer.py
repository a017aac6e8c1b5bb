"""The breast tumours that scikit-learn ships: real, small, no download. No torch at import."""

from __future__ import annotations

from data.dataset import DataDescription, Splits, dataset
from data.shipped import ShippedTable, reading_shipped
from graph.shapes import TensorSpec

SAMPLES = 569
MEASURES = (
    "radius",
    "texture",
    "perimeter",
    "area",
    "smoothness",
    "compactness",
    "concavity",
    "concave points",
    "symmetry",
    "fractal dimension",
)
FEATURES = tuple(
    name.format(measure) for name in ("mean {}", "{} error", "worst {}") for measure in MEASURES
)
"""In the order of scikit-learn's columns."""


@dataset("breast_cancer", title="Breast tumours")
class BreastCancer(ShippedTable):
    """569 tumours, each with thirty measures of its cell nuclei, malignant or benign."""

    def describe(self) -> DataDescription:
        """Thirty numbers in, one of two classes out."""
        return DataDescription(
            task="classification",
            inputs={"features": TensorSpec((len(FEATURES),))},
            class_names=("malignant", "benign"),
            samples=SAMPLES,
            summary=(
                "569 breast tumours: ten measures of the cell nuclei in a picture of each, as "
                "mean, standard error and worst; 212 are malignant, 357 benign."
            ),
            source=(
                "W. N. Street, W. H. Wolberg and O. L. Mangasarian, Nuclear feature extraction for "
                "breast tumor diagnosis, 1993 (as shipped with scikit-learn)"
            ),
            preparation=(
                f"{len(FEATURES)} numbers: {', '.join(FEATURES)}. Each has the mean of the "
                "training samples subtracted and is divided by their standard deviation."
            ),
        )

    def load(self) -> Splits:
        """Read, divide, and standardise with the statistics of the training samples.

        Raises:
            DataError: scikit-learn's copy is damaged.
        """
        import torch
        from sklearn.datasets import load_breast_cancer

        from data.tables import standardised_splits

        with reading_shipped("The breast tumours"):
            bunch = load_breast_cancer()
            raw = torch.as_tensor(bunch.data, dtype=torch.float64)
            labels = torch.as_tensor(bunch.target, dtype=torch.int64)
        division = self.divided(labels.tolist())
        return standardised_splits(raw, {"label": labels}, FEATURES, division)
