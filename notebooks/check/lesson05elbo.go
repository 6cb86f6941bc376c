package check

import (
	"fmt"
	"math"

	"elboroom/model"
)

// MixtureELBO checks exercise 5.3: the ELBO of the lecture's mixture, in nats, at any q: K means and variances, and
// phi, a row of K shares a datum, some of them 0.
//
// Source: Blei, Kucukelbir & McAuliffe (2017), eq. 21.
func MixtureELBO(f func(m model.GMM, mean, variance []float64, phi [][]float64) float64) {
	elboOfMixture(f).tell()
}

func elboOfMixture(f func(m model.GMM, mean, variance []float64, phi [][]float64) float64) exercise {
	e := exercise{id: "5.3", title: "the ELBO of the mixture", hints: []hint{
		{"0·ln 0", "a share of 0 has entropy 0, not NaN: skip it."},
		{"−n ln K is missing", "each label is drawn from K with equal odds, and E ln p(c) = −n ln K is part of the joint."},
		{"the entropy has the wrong sign", "both entropies are added: −E ln q."},
		{"the entropy of q(c) has the wrong sign", "H(q(c)) = −Σφ ln φ, and it is at least 0."},
		{"the entropy of q(μ) has the wrong sign", "H(q(μ)) = Σ ½ ln 2πe s_k² is added."},
		{"s² is missing in the likelihood", "E(x − μ_k)² is (x − m_k)² + s_k²."},
		{"s² is missing in the prior", "E(μ_k − μ₀)² is (m_k − μ₀)² + s_k²."},
	}}
	d := drawsFor(53)
	for i := range 6 {
		m, mean, variance := mixtureFrom(d, 6)
		phi := bestShares(m.X, mean, variance, m.Sigma)
		if i >= 4 {
			phi[1], phi[4] = []float64{1, 0}, []float64{0, 1}
		}
		elbo := mixtureELBO(m, mean, variance, phi)
		labels, centres, inFit, inPrior := 0.0, 0.0, 0.0, 0.0
		zero := false
		for j := range phi {
			for k, p := range phi[j] {
				if p > 0 {
					labels -= p * math.Log(p)
				}
				zero = zero || p == 0
				inFit += p * variance[k] / (2 * m.Sigma * m.Sigma)
			}
		}
		for k := range mean {
			centres += math.Log(2*math.Pi*math.E*variance[k]) / 2
			inPrior += variance[k] / (2 * m.Tau0 * m.Tau0)
		}
		evidence := mixtureEvidence(m)
		in := instance{
			given: fmt.Sprintf("x = %v, σ = %v, μ₀ = %v, τ₀ = %v, m = %v, s² = %v", m.X, m.Sigma, m.Mu0, m.Tau0, mean, variance),
			ask: func() ([]float64, error) {
				return []float64{f(copiedMixture(m), clone(mean), clone(variance), cloneRows(phi))}, nil
			},
			want: []float64{elbo},
			laws: []law{{"the ELBO never exceeds the log evidence", func(got []float64) string {
				if got[0] > evidence+closeEnough {
					return fmt.Sprintf("your ELBO is %s and the log evidence only %s", number(got[0]), number(evidence))
				}
				return ""
			}}},
			slips: map[string][]float64{
				"−n ln K is missing":                     {elbo + float64(len(m.X))*math.Ln2},
				"the entropy has the wrong sign":         {elbo - 2*labels - 2*centres},
				"the entropy of q(c) has the wrong sign": {elbo - 2*labels},
				"the entropy of q(μ) has the wrong sign": {elbo - 2*centres},
				"s² is missing in the likelihood":        {elbo + inFit},
				"s² is missing in the prior":             {elbo + inPrior},
			},
		}
		if zero {
			in.slips["0·ln 0"] = []float64{math.NaN()}
		}
		e.instances = append(e.instances, in)
	}
	return e
}

// mixtureEvidence is ln p(x) for a few data and two components, in nats, by all 2ⁿ ways to label them.
func mixtureEvidence(m model.GMM) float64 {
	n := len(m.X)
	ways := make([]float64, 1<<n)
	for w := range ways {
		for k := range 2 {
			count, sum, squares := 0.0, 0.0, 0.0
			for i, x := range m.X {
				if w>>i&1 == k {
					count, sum, squares = count+1, sum+x-m.Mu0, squares+(x-m.Mu0)*(x-m.Mu0)
				}
			}
			s2, t2 := m.Sigma*m.Sigma, m.Tau0*m.Tau0
			ways[w] -= count/2*math.Log(2*math.Pi*s2) + math.Log1p(count*t2/s2)/2 + (squares-t2*sum*sum/(s2+count*t2))/(2*s2)
		}
	}
	return logSumExp(ways) - float64(n)*math.Ln2
}
