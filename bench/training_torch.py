import os

import torch
from torch import nn
from torch.nn import functional as F

from training_data import COPIES, NAMES, case, load

torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "2")))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.fine = nn.Conv2d(1, 32, 3, padding=1)
        self.coarse = nn.Conv2d(32, 64, 3, padding=1)
        self.joined = nn.Conv2d(96, 32, 3, padding=1)
        self.output = nn.Conv2d(32, 1, 1)

    def forward(self, x):
        fine = F.relu(self.fine(x))
        coarse = F.relu(self.coarse(F.max_pool2d(fine, 2)))
        up = F.interpolate(coarse, scale_factor=2, mode="nearest")
        return self.output(F.relu(self.joined(torch.cat([up, fine], 1))))


class Recurrent(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.lstm.bias_hh_l0.requires_grad = False  # o TensorFlow tem um viés só
        self.out = nn.Linear(128, 10)

    def forward(self, x):
        return self.out(self.lstm(x)[0][:, -1])


class Transformer(nn.Module):
    def __init__(self, width=128, heads=4):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)
        self.last = nn.Linear(width, 10)

    def forward(self, x):
        batch, length, width = x.shape
        qkv = self.qkv(self.norm1(x)).view(batch, length, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(batch, length, width)
        x = x + self.out(mixed)
        x = x + self.down(F.gelu(self.up(self.norm2(x))))
        return self.last(x.mean(1))


def cnn():
    def block(i, o):
        return [nn.Conv2d(i, o, 3, padding=1, bias=False), nn.BatchNorm2d(o, eps=1e-3), nn.ReLU(), nn.MaxPool2d(2)]

    head = [nn.Flatten(), nn.Linear(32 * 49, 128), nn.ReLU(), nn.Linear(128, 10)]
    return nn.Sequential(*block(1, 16), *block(16, 32), *head)


def dense(*widths):
    """Camadas densas com ReLU entre elas."""
    layers = [[nn.ReLU(), nn.Linear(i, o)] for i, o in zip(widths, widths[1:])]
    return lambda: nn.Sequential(*[layer for pair in layers for layer in pair][1:])


MODELS = {
    "mlp": dense(784, 512, 256, 10),
    "small": dense(2, 64, 64, 2),
    "small3": dense(2, 128, 128, 128, 2),
    "cnn": cnn,
    "unet": UNet,
    "lstm": Recurrent,
    "transformer": Transformer,
}


def converted(name, weight):
    """Um peso do TensorFlow no formato do PyTorch."""
    weight = torch.from_numpy(weight.copy())
    if weight.ndim == 4:
        return weight.permute(3, 2, 0, 1).contiguous()
    if name == "cnn" and tuple(weight.shape) == (32 * 49, 128):
        weight = weight.view(7, 7, 32, 128).permute(2, 0, 1, 3).reshape(32 * 49, 128)
    return weight.T.contiguous() if weight.ndim == 2 else weight


def training(folder, name):
    weights, inputs, labels = load(folder, name)
    weights = [converted(name, weight) for weight in weights]
    inputs = torch.from_numpy(inputs)
    if inputs.ndim == 5:
        inputs = inputs.permute(0, 1, 4, 2, 3).contiguous()
    labels = torch.from_numpy(labels)
    batches = [(x, x if name in COPIES else y) for x, y in zip(inputs, labels)]
    loss_of = F.mse_loss if name in COPIES else F.cross_entropy

    model = MODELS[name]()
    parameters = [p for p in model.parameters() if p.requires_grad]

    def loss_fn(x, y):
        return loss_of(model(x), y)

    if os.environ.get("CADERNO_BENCH") == "compile":
        loss_fn = torch.compile(loss_fn)

    def start():
        with torch.no_grad():
            for p in model.parameters():
                p.zero_()
            for p, weight in zip(parameters, weights):
                p.copy_(weight)
        optimizer = torch.optim.Adam(parameters, lr=1e-3)

        def step(x, y):
            optimizer.zero_grad()
            loss = loss_fn(x, y)
            loss.backward()
            optimizer.step()
            return loss.item()

        return step

    return case(start, batches)


def prepare(folder):
    return {name: training(folder, name) for name in NAMES}
