"""Os pesos iniciais e os lotes que training.ts gravou, e a conta comum aos dois concorrentes."""

import json
import math
import os

import numpy

NAMES = ("mlp", "cnn", "unet", "lstm", "transformer", "small", "small3")

# Os que aprendem a própria entrada, pelo quadrado do erro.
COPIES = ("unet", "small", "small3")


def load(folder, name):
    """Pesos (na ordem e no formato do TensorFlow.js) e lotes (entradas, classes)."""
    with open(os.path.join(folder, name + ".json")) as file:
        shapes = json.load(file)

    def read(what):
        return numpy.fromfile(os.path.join(folder, f"{name}.{what}.f32"), dtype=numpy.float32)

    ends = numpy.cumsum([math.prod(shape) for shape in shapes["weights"]])
    weights = [part.reshape(shape) for part, shape in zip(numpy.split(read("weights"), ends), shapes["weights"])]
    inputs = read("inputs").reshape(shapes["steps"], shapes["batch"], *shapes["input"])
    labels = read("labels").astype(numpy.int64).reshape(shapes["steps"], shapes["batch"])
    return weights, inputs, labels


def case(start, batches):
    """`start()` devolve o passo de um treino novo. A conferência, fora do tempo, recomeça o treino."""
    state = [start()]

    def run():
        step = state[0]
        return [float(step(x, y)) for x, y in batches]

    def check(losses):
        state[0] = start()
        return losses

    return run, check
