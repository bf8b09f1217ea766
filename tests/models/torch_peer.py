"""The same networks in torch.nn, for the tests of the plugin to compare with.

usage: torch_peer.py predict MODEL ROWS LOOKBACK FEATURES OUT     probabilities of torch.jit.load(MODEL)
       torch_peer.py predict-nn MODEL ROWS LOOKBACK FEATURES OUT  of the torch.nn network with MODEL's weights
       torch_peer.py step MODEL ROWS LOOKBACK FEATURES OUT BATCH SEED    weights after one step of Adam
       torch_peer.py make KIND LOOKBACK FEATURES OUT              a TorchScript file: lstm, or something foreign

Rows and results are files of raw float32. Labels of a batch: 0, 1, 0, 1, ...
"""
import math
import sys

import numpy
import torch
from torch import nn


class PriceLSTM(nn.Module):
    def __init__(self, features):
        super().__init__()
        self.lstm = nn.LSTM(features, 64, 2, batch_first=True, dropout=0.2)
        self.fc1, self.fc2, self.dropout = nn.Linear(64, 32), nn.Linear(32, 1), nn.Dropout(0.2)

    def logits(self, x):
        hidden, _ = self.lstm(x)
        return self.fc2(self.dropout(torch.relu(self.fc1(hidden[:, -1])))).squeeze(1)

    def forward(self, x):
        return torch.sigmoid(self.logits(x))


class PriceTransformer(nn.Module):
    def __init__(self, features, lookback):
        super().__init__()
        self.input = nn.Linear(features, 64)
        layer = nn.TransformerEncoderLayer(64, 4, 128, dropout=0.2, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.fc1, self.fc2, self.dropout = nn.Linear(64, 32), nn.Linear(32, 1), nn.Dropout(0.2)
        steps = torch.arange(lookback, dtype=torch.float64)[:, None]
        angles = steps * torch.exp(-math.log(10000.0) * torch.arange(0, 64, 2, dtype=torch.float64) / 64)
        positions = torch.stack([angles.sin(), angles.cos()], dim=2).reshape(lookback, 64)
        self.register_buffer("positions", positions.float())

    def forward(self, x):
        h = self.encoder(self.input(x) + self.positions)[:, -1]
        return torch.sigmoid(self.fc2(self.dropout(torch.relu(self.fc1(h))))).squeeze(1)


class StrangeLSTM(PriceLSTM):
    """A PriceLSTM's parameters, another answer."""

    def forward(self, x):
        return 1 - torch.sigmoid(self.logits(x) + 1)


class TwoPerWindow(nn.Module):
    def forward(self, x):
        return torch.zeros(x.size(0), 2)


class NoProbability(nn.Module):
    def forward(self, x):
        return x.mean(dim=[1, 2]) + 3


class NotANumber(nn.Module):
    def forward(self, x):
        return x.mean(dim=[1, 2]) * float("nan")


class TwoArguments(nn.Module):
    def forward(self, x, y):
        return x.mean(dim=[1, 2]) + y


class Pair(nn.Module):
    def forward(self, x):
        return x, x


class Column(nn.Module):
    """Fine: (batch, 1)."""

    def forward(self, x):
        return torch.sigmoid(x.sum(dim=[1, 2]))[:, None]


FOREIGN = {kind.__name__: kind for kind in (TwoPerWindow, NoProbability, NotANumber, TwoArguments, Pair, Column)}


def windows_of(path, lookback, features):
    rows = torch.from_numpy(numpy.fromfile(path, dtype=numpy.float32).reshape(-1, features))
    return rows.unfold(0, lookback, 1).transpose(1, 2).contiguous()


def nn_network(script, lookback, features):
    state = script.state_dict()
    network = PriceLSTM(features) if "lstm.weight_ih_l0" in state else PriceTransformer(features, lookback)
    network.load_state_dict(state)
    return network


def step(script, x, seed):
    """PriceLSTM in torch.nn, dropout included; PriceTransformer as the script has it."""
    is_lstm = "lstm.weight_ih_l0" in script.state_dict()
    network = nn_network(script, x.size(1), x.size(2)) if is_lstm else script
    network.train()
    adam = torch.optim.Adam(network.parameters(), lr=0.001)
    labels = torch.arange(x.size(0)).remainder(2).float()
    torch.manual_seed(seed)
    loss = nn.functional.binary_cross_entropy_with_logits(network.logits(x), labels)
    loss.backward()
    adam.step()
    return torch.cat([loss.detach().reshape(1)] + [p.detach().flatten() for _, p in network.named_parameters()])


def main(command, *arguments):
    torch.set_num_threads(1)
    if command == "make":
        kind, lookback, features, out = arguments[0], int(arguments[1]), int(arguments[2]), arguments[3]
        torch.manual_seed(7)
        lstms = {"lstm": PriceLSTM, "StrangeLSTM": StrangeLSTM}
        network = lstms[kind](features) if kind in lstms else FOREIGN[kind]()
        return torch.jit.save(torch.jit.script(network.eval()), out)
    model, rows, lookback, features, out = arguments[0], arguments[1], int(arguments[2]), int(arguments[3]), arguments[4]
    script, x = torch.jit.load(model), windows_of(rows, lookback, features)
    if command == "step":
        result = step(script, x[:int(arguments[5])], int(arguments[6]))
    else:
        network = nn_network(script, lookback, features).eval() if command == "predict-nn" else script
        with torch.no_grad():
            result = network(x)
    result.numpy().astype(numpy.float32).tofile(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
