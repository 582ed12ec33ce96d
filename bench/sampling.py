import numpy

N = 10_000_000
PROBABILITIES = numpy.arange(1, 11) / 55


def moments(values):
    return [values.mean(), values.std()]


def prepare(_):
    source = numpy.random.default_rng(1)
    return {
        "uniform": (lambda: source.random(N), moments),
        "normal": (lambda: source.standard_normal(N), moments),
        "categorical": (
            lambda: source.choice(10, N, p=PROBABILITIES),
            lambda values: numpy.bincount(values) / N,
        ),
    }
