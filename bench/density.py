import os

import numpy
from sklearn.neighbors import KernelDensity


def prepare(folder):
    def case(name, d, bandwidth):
        points = numpy.fromfile(os.path.join(folder, name + ".f64")).reshape(-1, d)
        density = KernelDensity(bandwidth=bandwidth).fit(points[:10_000])
        X = points[10_000:]
        return lambda: density.score(X) / len(X), lambda mean: [mean]

    return {"plane": case("plane", 2, 0.2), "wide": case("wide", 8, 0.5)}
