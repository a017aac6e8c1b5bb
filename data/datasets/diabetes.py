"""The diabetes patients that scikit-learn ships: real, small, no download. No torch at import."""

from __future__ import annotations

from data.dataset import DataDescription, Splits, dataset
from data.shipped import ShippedTable, reading_shipped
from graph.shapes import TensorSpec

SAMPLES = 442
FEATURES = (
    "age",
    "sex",
    "body mass index",
    "blood pressure",
    "total cholesterol",
    "low-density lipoproteins",
    "high-density lipoproteins",
    "cholesterol ratio",
    "logarithm of triglycerides",
    "blood sugar",
)
"""In the order of scikit-learn's columns: age, sex, bmi, bp, s1 to s6."""


@dataset("diabetes", title="Diabetes progression")
class Diabetes(ShippedTable):
    """442 patients with ten measurements each, and how their diabetes went on in a year."""

    def describe(self) -> DataDescription:
        """Ten numbers in, one out."""
        return DataDescription(
            task="regression",
            inputs={"features": TensorSpec((len(FEATURES),))},
            class_names=(),
            target_names=("progression",),
            samples=SAMPLES,
            summary=(
                "442 diabetes patients: ten measurements each, and a score from 25 to 346 of how "
                "far the disease went on in the year after."
            ),
            source=(
                "B. Efron, T. Hastie, I. Johnstone and R. Tibshirani, Least Angle Regression, "
                "Annals of Statistics 32, 2004 (as shipped with scikit-learn)"
            ),
            preparation=(
                f"{len(FEATURES)} numbers: {', '.join(FEATURES)}. Each has the mean of the "
                "training samples subtracted and is divided by their standard deviation. The "
                "number to be predicted is left as it is."
            ),
        )

    def load(self) -> Splits:
        """Read, divide, and standardise with the statistics of the training samples.

        Raises:
            DataError: scikit-learn's copy is damaged.
        """
        import torch
        from sklearn.datasets import load_diabetes

        from data.tables import standardised_splits

        with reading_shipped("The diabetes patients"):
            bunch = load_diabetes(scaled=False)
            raw = torch.as_tensor(bunch.data, dtype=torch.float64)
            values = torch.as_tensor(bunch.target, dtype=torch.float32).unsqueeze(1)
        division = self.divided([0] * len(values))
        return standardised_splits(raw, {"values": values}, FEATURES, division)
