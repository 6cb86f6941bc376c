package rivals

import (
	"fmt"
	"math/rand/v2"

	"elboroom/fit"
	"elboroom/model"
)

// EMMeans climbs the log joint density ln p(x, μ) of the lecture's mixture, model.GMM: what CAVI does when q(μ) is
// a point. Beside cavi.GMM it shows what the variance s² adds to the responsibilities; as n grows, s² goes to 0 and
// the two meet.
//
//	E: r_ik ∝ exp(−(x_i − μ_k)²/(2σ²))        M: μ_k = (μ₀/τ₀² + Σ_i r_ik x_i/σ²)/(1/τ₀² + Σ_i r_ik/σ²)
//
// Source: Dempster, Laird & Rubin (1977), with the prior in the M step.
type EMMeans struct {
	model.GMM
	Init []float64 // starting means, K of them; nil draws data
}

// EMMeansFactors is the point that EMMeans is at.
type EMMeansFactors struct{ Mean []float64 }

// Fit runs EM; the objective is the log joint density in nats, which is not an ELBO and has no log evidence above it.
func (m EMMeans) Fit(s fit.Settings) fit.Trace[EMMeansFactors] {
	s = s.Filled()
	if err := m.Check(); err != nil {
		panic("rivals: " + err.Error())
	}
	m.GMM = m.Filled()
	if m.Init != nil && len(m.Init) != m.K {
		panic(fmt.Sprintf("rivals: EMMeans: Init has %d means, want K = %d", len(m.Init), m.K))
	}
	mean := append([]float64(nil), m.Init...)
	if m.Init == nil {
		rng := rand.New(rand.NewPCG(s.Seed, uint64(m.K)))
		for range m.K {
			mean = append(mean, m.X[rng.IntN(len(m.X))])
		}
	}
	return climb("log joint", "EMMeans", EMMeansFactors{mean}, s, func(q EMMeansFactors) (EMMeansFactors, float64, string) {
		return m.sweep(q), m.LogProb(q.Mean), ""
	})
}

func (m EMMeans) sweep(q EMMeansFactors) EMMeansFactors {
	s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
	count, shift, r := make([]float64, m.K), make([]float64, m.K), make([]float64, m.K)
	for _, x := range m.X {
		for k, v := range q.Mean {
			r[k] = -(x - v) * (x - v) / (2 * s2)
		}
		normalise(r)
		for k := range r {
			count[k] += r[k]
			shift[k] += r[k] * (x - m.Mu0)
		}
	}
	next := make([]float64, m.K)
	for k := range next {
		next[k] = m.Mu0 + shift[k]/s2/(1/t2+count[k]/s2)
	}
	return EMMeansFactors{next}
}
