"""The full Bayesian mixture against scikit-learn's: the same fixed point, and the same ELBO once the constants
that lower_bound_ leaves out are put back (Bishop, PRML (2006), §10.2, eqs 10.70-10.77)."""

import csv
import json
import math
import subprocess

import numpy
import pytest
from conftest import ROOT
from sklearn.mixture import BayesianGaussianMixture


def faithful():
    with open(ROOT / "testdata" / "faithful.csv") as file:
        rows = [[float(row["eruptions"]), float(row["waiting"])] for row in csv.DictReader(file)]
    x = numpy.array(rows)
    return (x - x.mean(axis=0)) / x.std(axis=0)


def blobs(seed, n, d, k):
    rng = numpy.random.default_rng(seed)
    centres = rng.normal(scale=4, size=(k, d))
    return numpy.concatenate([rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + c for c in centres])


def spd(seed, d):
    a = numpy.random.default_rng(seed).normal(size=(d, d))
    return a @ a.T / d + numpy.eye(d)


CASES = {
    "old faithful": dict(x=faithful(), k=2, alpha=1.0, beta=1.0, nu=2.0, m=numpy.zeros(2), w=numpy.eye(2)),
    "one dimension": dict(x=blobs(1, 60, 1, 3), k=3, alpha=0.5, beta=0.2, nu=3.0, m=numpy.ones(1), w=spd(2, 1)),
    "two dimensions, spare components": dict(x=blobs(3, 80, 2, 2), k=4, alpha=0.05, beta=0.7, nu=2.5, m=numpy.array([1.0, -1.0]), w=spd(4, 2)),
    "four dimensions": dict(x=blobs(5, 70, 4, 3), k=3, alpha=2.0, beta=0.1, nu=6.5, m=numpy.zeros(4), w=spd(6, 4)),
}


def log_wishart(w, nu):
    """ln B(W, nu), PRML eq. B.79."""
    d = len(w)
    gammas = sum(math.lgamma((nu - i) / 2) for i in range(d))
    return -nu / 2 * numpy.linalg.slogdet(w)[1] - nu * d / 2 * math.log(2) - d * (d - 1) / 4 * math.log(math.pi) - gammas


@pytest.fixture(scope="module")
def ours(tmp_path_factory):
    program = tmp_path_factory.mktemp("bayesgmm") / "bayesgmm"
    subprocess.run(["go", "build", "-o", program, "./.ci/tests/bayesgmm"], cwd=ROOT, check=True)

    def fit(case, init):
        request = {
            "X": case["x"].tolist(), "K": case["k"], "Alpha0": case["alpha"], "Beta0": case["beta"], "Nu0": case["nu"],
            "M0": case["m"].tolist(), "W0": case["w"].tolist(), "Init": init.tolist(),
        }
        done = subprocess.run([program], input=json.dumps(request), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return fit


@pytest.mark.parametrize("name", CASES)
def test_bayesian_mixture(name, ours):
    case = CASES[name]
    n, d = case["x"].shape
    k = case["k"]
    theirs = BayesianGaussianMixture(
        n_components=k, covariance_type="full", tol=1e-14, reg_covar=0, max_iter=50_000, random_state=0,
        weight_concentration_prior_type="dirichlet_distribution", weight_concentration_prior=case["alpha"],
        mean_precision_prior=case["beta"], mean_prior=case["m"],
        degrees_of_freedom_prior=case["nu"], covariance_prior=numpy.linalg.inv(case["w"]),
    ).fit(case["x"])
    elbo = (
        theirs.lower_bound_ - n * d / 2 * math.log(2 * math.pi) + math.lgamma(k * case["alpha"]) - k * math.lgamma(case["alpha"])
        + k * (d / 2 * math.log(case["beta"]) + log_wishart(case["w"], case["nu"]) + d * (d - 1) / 4 * math.log(math.pi))
    )
    shares = theirs.predict_proba(case["x"])
    mine = ours(case, shares / shares.sum(axis=1, keepdims=True))
    assert mine["elbo"] == pytest.approx(elbo, rel=1e-10, abs=1e-8)
    assert mine["alpha"] == pytest.approx(theirs.weight_concentration_, rel=1e-5, abs=1e-5)
    assert mine["beta"] == pytest.approx(theirs.mean_precision_, rel=1e-5, abs=1e-5)
    assert mine["nu"] == pytest.approx(theirs.degrees_of_freedom_, rel=1e-5, abs=1e-5)
    assert numpy.array(mine["m"]) == pytest.approx(theirs.means_, abs=1e-4)
    covariances = [numpy.linalg.inv(numpy.array(w)) / nu for w, nu in zip(mine["w"], mine["nu"])]
    assert numpy.array(covariances) == pytest.approx(theirs.covariances_, rel=1e-3, abs=1e-3)
