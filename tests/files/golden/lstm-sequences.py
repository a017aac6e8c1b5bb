"""LSTM on sequences, made with Kumitate."""

from torch import Tensor, nn


class LSTMOnSequences(nn.Module):
    """Reads a series step by step and keeps in mind what matters: its memory behind
    the last step says which of eight kinds of wave it was.
    """

    def __init__(self, classes: int = 8, hidden: int = 64) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.dropout = nn.Dropout(p=0.2)
        self.fc = nn.Linear(hidden, classes)

    def forward(self, series: Tensor) -> Tensor:  # (N, L, 1)
        lstm_out, (_, _) = self.lstm(series)  # (N, L, hidden)
        x = lstm_out[:, -1]  # (N, hidden)
        x = self.dropout(x)  # (N, hidden)
        x = self.fc(x)  # (N, classes)
        return x
