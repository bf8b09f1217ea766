"""The peer of train_epoch: the same PriceLSTM or PriceTransformer in torch.nn, trained on the same rows in the
same batches. Talks with train_epoch over its pipes: a line in asks for an epoch, a line out gives its
nanoseconds and its mean loss.

usage: torch_train.py ARCHITECTURE ROWS FEATURES LOOKBACK BATCH THREADS WINDOWS
ROWS: a file of raw float32. Batches are windows 0, 1, 2, ... in order; labels 0, 1, 0, 1, ...
"""
import math
import sys
import time

import numpy
import torch
from torch import nn


class PriceLSTM(nn.Module):
    def __init__(self, features, lookback):
        super().__init__()
        self.lstm = nn.LSTM(features, 64, 2, batch_first=True, dropout=0.2)
        self.fc1, self.fc2, self.dropout = nn.Linear(64, 32), nn.Linear(32, 1), nn.Dropout(0.2)

    def forward(self, x):
        hidden, _ = self.lstm(x)
        return self.fc2(self.dropout(torch.relu(self.fc1(hidden[:, -1])))).squeeze(1)


class PriceTransformer(nn.Module):
    def __init__(self, features, lookback):
        super().__init__()
        self.input = nn.Linear(features, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.2, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.fc1, self.fc2, self.dropout = nn.Linear(64, 32), nn.Linear(32, 1), nn.Dropout(0.2)
        angles = torch.arange(lookback)[:, None] * torch.exp(-math.log(10000.0) * torch.arange(0, 64, 2) / 64)
        self.register_buffer("positions", torch.stack([angles.sin(), angles.cos()], dim=2).reshape(lookback, 64))

    def forward(self, x):
        hidden = self.encoder(self.input(x) + self.positions)[:, -1]
        return self.fc2(self.dropout(torch.relu(self.fc1(hidden)))).squeeze(1)


def main(architecture, rows, features, lookback, batch, threads, windows):
    features, lookback, batch, windows = int(features), int(lookback), int(batch), int(windows)
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    rows = torch.from_numpy(numpy.fromfile(rows, dtype=numpy.float32).reshape(-1, features))
    views = rows.unfold(0, lookback, 1).transpose(1, 2)  # (windows, lookback, features), nothing copied
    labels = torch.arange(windows).remainder(2).float()
    network = {"PriceLSTM": PriceLSTM, "PriceTransformer": PriceTransformer}[architecture](features, lookback)
    adam = torch.optim.Adam(network.parameters(), lr=0.001)
    loss_of = nn.BCEWithLogitsLoss()
    for _ in sys.stdin:
        start, total = time.monotonic_ns(), 0.0
        for first in range(0, windows, batch):
            adam.zero_grad(set_to_none=True)
            loss = loss_of(network(views[first:first + batch]), labels[first:first + batch])
            loss.backward()
            adam.step()
            total += loss.item() * len(labels[first:first + batch])
        print(time.monotonic_ns() - start, total / windows, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
