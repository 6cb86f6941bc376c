package figures

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"elboroom/cavi"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

// The numbers that lesson 03 writes into its text, answers included, are computed here again.
func TestLesson03SaysWhatTheSolverSays(t *testing.T) {
	says := sayings(t, "03-elbo")
	m, tr, post := lecture(t)

	// The first minutes: a start near the middle ends with the others, one on it stays below.
	if late := fitFrom(m, 0.3, 0.31); math.Abs(late.Last().Value-tr.Last().Value) > 1e-3 || late.Last().Sweep <= fitFrom(m, 0.3, 0.4).Last().Sweep {
		t.Errorf("from (0.3, 0.31) the fit ends at %v after %d sweeps", late.Last().Value, late.Last().Sweep)
	}
	says("about %.0f nats short", post.LogEvidence-fitFrom(m, 0.3, 0.3).Last().Value)

	// Section 4: two components have the higher evidence and the lower ELBO; constants lift the bound too high.
	x, _ := model.SimulateGMM(20, []float64{-1.2, 1.2}, 1, rand.New(rand.NewPCG(0, 0)))
	evidence, elbo := make([]float64, 3), make([]float64, 3)
	for k := 1; k <= 2; k++ {
		mix := model.GMM{X: x, K: k, Sigma: 1, Tau0: 3}
		truth, err := exact.GMM(mix, exact.Config{})
		if err != nil {
			t.Fatal(err)
		}
		evidence[k], elbo[k] = truth.LogEvidence, cavi.Fit(cavi.GMM{GMM: mix}, fit.Settings{Seed: 1}).Last().Value
	}
	if !(evidence[2] > evidence[1] && elbo[2] < elbo[1]) {
		t.Errorf("log evidences %v and ELBOs %v of one and two components do not disagree", evidence[1:], elbo[1:])
	}
	if bound := tr.Last().Value + 40*math.Ln2; bound < post.LogEvidence {
		t.Errorf("without −n ln K the ELBO is %v, below the evidence", bound)
	}

	// The exercises' one model.
	prior, q := distuv.Normal{Mu: 1, Sigma: 2}, distuv.Normal{Mu: 2, Sigma: 0.8}
	const datum, sigma = 3.0, 1.5
	expect := func(f func(z float64) float64) float64 { // E_q f, by quadrature of q ln(q/(q/e^f))
		v, _ := kl.Quad(q.LogProb, func(z float64) float64 { return q.LogProb(z) - f(z) }, math.Inf(-1), math.Inf(1))
		return v
	}
	fits := expect(func(z float64) float64 { return distuv.Normal{Mu: z, Sigma: sigma}.LogProb(datum) })
	toPrior := expect(prior.LogProb)
	entropy := q.Entropy()
	bound := fits + toPrior + entropy
	truth := exact.NormalNormal(prior, sigma, []float64{datum}).LogEvidence
	says("= %.4f$ and", fits)
	says("= %.4f$; with the entropy %.4f the ELBO is %.4f", toPrior, entropy, bound)
	says("If yours is %.4f, the entropy has the wrong sign; %.4f has dropped", bound-2*entropy, bound+math.Log(2*math.Pi))
	says("%.4f is the negative", -bound)
	says(`= %.4f$, so the gap is %.4f nats`, truth, truth-bound)
	says("= %.4f$. If yours is %.4f, you put the sd", entropy, distuv.Normal{Sigma: math.Sqrt(q.Sigma)}.Entropy())
	says("%.4f squared it once too often; %.4f has lost", distuv.Normal{Sigma: q.Variance()}.Entropy(), entropy-0.5)
	says("$%.4f - %.4f = %.4f$", fits, kl.Normal(q, prior), bound)
	says("If yours is %.4f, you took KL(prior‖q); %.4f counted", fits-kl.Normal(prior, q), bound+toPrior)
}
