import os

import numpy
from sklearn.mixture import GaussianMixture


def prepare(folder):
    def case(name, d):
        X = numpy.fromfile(os.path.join(folder, name + ".f64")).reshape(-1, d)
        return (
            lambda: GaussianMixture(6, max_iter=15, tol=0, random_state=1).fit(X),
            lambda result: [result.n_iter_, result.lower_bound_, *sorted(result.weights_)],
        )

    return {"plane": case("plane", 2), "wide": case("wide", 16)}
