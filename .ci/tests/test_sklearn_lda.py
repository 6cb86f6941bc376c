"""Topic models against scikit-learn's LatentDirichletAllocation: the same perplexity of the same topics, and fits that
are as good. The ratio of processor times is printed: pytest -s shows it."""

import json
import subprocess
import time

import numpy
import pytest
from conftest import ROOT
from sklearn.decomposition import LatentDirichletAllocation


def bars(seed, n):
    """Griffiths & Steyvers' images: 100 words from a 5x5 vocabulary, 10 topics."""
    rng = numpy.random.default_rng(seed)
    topics = numpy.zeros((10, 5, 5))
    for i in range(5):
        topics[i, i, :] = topics[5 + i, :, i] = 1 / 5
    shares = rng.dirichlet(numpy.full(10, 0.3), size=n)
    return numpy.array([rng.multinomial(100, p) for p in shares @ topics.reshape(10, 25)]), dict(k=10, alpha=0.3, eta=0.2)


def wide(seed, n):
    """A larger vocabulary, drawn from the model itself."""
    rng = numpy.random.default_rng(seed)
    topics = rng.dirichlet(numpy.full(800, 0.05), size=12)
    shares = rng.dirichlet(numpy.full(12, 0.2), size=n)
    return numpy.array([rng.multinomial(120, p) for p in shares @ topics]), dict(k=12, alpha=0.2, eta=0.05)


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    path = tmp_path_factory.mktemp("lda") / "lda"
    subprocess.run(["go", "build", "-o", path, "./.ci/tests/lda"], cwd=ROOT, check=True)
    return path


@pytest.mark.parametrize("corpus", [bars, wide])
def test_topics(program, corpus):
    x, prior = corpus(1, 400)
    held = x[300:]
    x = x[:300]
    began = time.process_time()
    theirs = [
        LatentDirichletAllocation(
            n_components=prior["k"], doc_topic_prior=prior["alpha"], topic_word_prior=prior["eta"], learning_method="batch",
            max_iter=60, random_state=seed, n_jobs=1,
        ).fit(x)
        for seed in range(3)
    ]
    seconds = (time.process_time() - began) / 3
    best = min(theirs, key=lambda t: t.perplexity(x))
    request = {
        "Docs": x.tolist(), "Held": held.tolist(), "K": prior["k"], "Alpha": prior["alpha"], "Eta": prior["eta"],
        "Topics": best.components_.tolist(), "Seeds": 3, "Sweeps": 60,
    }
    done = subprocess.run([program], input=json.dumps(request), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ours = json.loads(done.stdout)
    # The definition, on their topics: their local fits stop a little short of ours.
    assert ours["given"] == pytest.approx(best.perplexity(x), rel=5e-3)
    assert ours["givenHeld"] == pytest.approx(best.perplexity(held), rel=5e-3)
    # The fits, each by its own: within 2 % or better.
    assert ours["own"] < 1.02 * best.perplexity(x)
    assert ours["ownHeld"] < 1.02 * best.perplexity(held)
    print(
        f"\n{corpus.__name__}: perplexity {ours['own']:.3f} (scikit-learn {best.perplexity(x):.3f}), held out {ours['ownHeld']:.3f} "
        f"({best.perplexity(held):.3f}); in processor time {ours['seconds']:.2f} s for {ours['sweeps']} sweeps, scikit-learn {seconds:.2f} s "
        f"for {best.n_iter_} passes: {seconds / ours['seconds']:.1f} times"
    )
