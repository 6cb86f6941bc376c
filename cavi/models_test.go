package cavi

import (
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/exact"
	"elboroom/kl"
	"elboroom/model"
)

func rng(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

func TestModels(t *testing.T) {
	two, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rng(1))
	three, _ := model.SimulateGMM(9000, []float64{-4, 0, 5}, 0.8, rng(2))
	checkModel(t, "GMM", mixture(GMM{GMM: model.GMM{X: two}}))
	checkModel(t, "GMM from Init", mixture(GMM{GMM: model.GMM{X: two, Sigma: 1.3, Mu0: 0.4, Tau0: 2}, Init: []float64{-0.4, 3.2}}))
	checkModel(t, "GMM, K 3, two chunks", mixture(GMM{GMM: model.GMM{X: three, K: 3, Sigma: 0.8, Mu0: 1, Tau0: 5}}))
	checkModel(t, "GMM, K 3", mixture(GMM{GMM: model.GMM{X: three[:60], K: 3, Sigma: 0.8, Mu0: 1, Tau0: 5}}))
	checkModel(t, "GMM, K 1", mixture(GMM{GMM: model.GMM{X: two, K: 1, Tau0: 3}}))
	checkModel(t, "GMM, more components than data", mixture(GMM{GMM: model.GMM{X: []float64{1, 2.5}, K: 4, Tau0: 2}}))
	checkModel(t, "GMM, identical data", mixture(GMM{GMM: model.GMM{X: []float64{3, 3, 3, 3}}}))
	checkModel(t, "GMM, far from 0", mixture(GMM{GMM: model.GMM{X: []float64{1e6, 1e6 + 1, 1e6 + 9, 1e6 + 10}, Mu0: 1e6}}))
	checkModel(t, "Normal", unknownNormal(Normal{Normal: model.Normal{X: two, Mu0: 0.5, Lambda0: 2, A0: 1.5, B0: 0.7}}))
	checkModel(t, "Normal, one datum", unknownNormal(Normal{Normal: model.Normal{X: []float64{-3}, Lambda0: 1, A0: 0.5, B0: 0.5}}))
	checkModel(t, "Gaussian", staircase(Gaussian{Target: correlated(0.9)}))
	checkModel(t, "Gaussian, d 3", staircase(Gaussian{Target: kl.Gaussian{
		Mean: []float64{1, -2, 0.5}, Cov: mat.NewSymDense(3, []float64{2, 0.6, -0.3, 0.6, 1, 0.2, -0.3, 0.2, 0.5}),
	}}))
}

func mixture(m GMM) subject[GMMFactors] {
	shuffled := m
	shuffled.X = reversed(m.X)
	s := subject[GMMFactors]{
		model: m, shuffled: shuffled, evidence: math.Inf(1), tolerance: 1e-9,
		numbers: func(q GMMFactors) []float64 {
			var out []float64
			for _, v := range [][]float64{q.Mean, q.Var, q.PhiMean, q.PhiVar, q.Count} {
				out = append(out, v...)
			}
			return out
		},
		params: func(q GMMFactors, factor string) int { return 2 * len(q.Mean) },
		nudge: func(q GMMFactors, factor string, i int, by float64) GMMFactors {
			k := len(q.Mean)
			mean, variance := append([]float64(nil), q.Mean...), append([]float64(nil), q.Var...)
			if factor == "q(c)" {
				mean, variance = append([]float64(nil), q.PhiMean...), append([]float64(nil), q.PhiVar...)
			}
			if i < k {
				mean[i] += by * m.Filled().Sigma
			} else {
				variance[i-k] *= 1 + by
			}
			if factor == "q(c)" {
				return q.share(m.X, mean, variance, 1)
			}
			q.Mean, q.Var = mean, variance
			return q
		},
	}
	const quick = 1000 // data up to which the evidence of three components takes no time
	if len(m.X) <= quick {
		if p, err := exact.GMM(m.GMM, exact.Config{}); err == nil {
			s.evidence = p.LogEvidence
		}
	}
	return s
}

func unknownNormal(m Normal) subject[NormalFactors] {
	shuffled := m
	shuffled.X = reversed(m.X)
	return subject[NormalFactors]{
		model: m, shuffled: shuffled, evidence: exact.Normal(m.Normal).LogEvidence, tolerance: 1e-12,
		numbers: func(q NormalFactors) []float64 { return []float64{q.Mu, q.Lambda, q.A, q.B} },
		params:  func(NormalFactors, string) int { return 2 },
		nudge: func(q NormalFactors, factor string, i int, by float64) NormalFactors {
			switch {
			case factor == "q(μ)" && i == 0:
				q.Mu += by / math.Sqrt(q.Lambda)
			case factor == "q(μ)":
				q.Lambda *= 1 + by
			case i == 0:
				q.A *= 1 + by
			default:
				q.B *= 1 + by
			}
			return q
		},
	}
}

func staircase(m Gaussian) subject[GaussianFactors] {
	updates := m.Updates()
	return subject[GaussianFactors]{
		model: m, evidence: 0,
		numbers: func(q GaussianFactors) []float64 { return append(append([]float64(nil), q.Mean...), q.Var...) },
		params:  func(GaussianFactors, string) int { return 2 },
		nudge: func(q GaussianFactors, factor string, i int, by float64) GaussianFactors {
			q = GaussianFactors{append([]float64(nil), q.Mean...), append([]float64(nil), q.Var...)}
			for k, u := range updates {
				if u.Factor == factor && i == 0 {
					q.Mean[k] += by
				} else if u.Factor == factor {
					q.Var[k] *= 1 + by
				}
			}
			return q
		},
	}
}

func correlated(rho float64) kl.Gaussian {
	return kl.Gaussian{Mean: []float64{0, 0}, Cov: mat.NewSymDense(2, []float64{1, rho, rho, 1})}
}
