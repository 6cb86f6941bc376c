package check

import (
	"math"

	"elboroom/model"
)

// mixtureELBO is the ELBO of the lecture's mixture at any means, variances and responsibilities (n rows of K), in
// nats, written from the formula so that nothing of the solver is taken on trust.
//
// Source: Blei, Kucukelbir & McAuliffe (2017), eq. 21, with the noise sd σ and a prior N(μ₀, τ₀²).
func mixtureELBO(m model.GMM, mean, variance []float64, phi [][]float64) float64 {
	e := 0.0
	for k := range mean {
		e += normalLog(mean[k], m.Mu0, m.Tau0) - variance[k]/(2*m.Tau0*m.Tau0)
		e += math.Log(2*math.Pi*math.E*variance[k]) / 2
	}
	for i, x := range m.X {
		e -= math.Log(float64(len(mean)))
		for k, p := range phi[i] {
			if p == 0 {
				continue
			}
			e += p * (normalLog(x, mean[k], m.Sigma) - variance[k]/(2*m.Sigma*m.Sigma) - math.Log(p))
		}
	}
	return e
}

// bestShares are the responsibilities that the theory gives, a row a datum.
func bestShares(x, mean, variance []float64, sigma float64) [][]float64 {
	rows := make([][]float64, len(x))
	for i, v := range x {
		logs := make([]float64, len(mean))
		for k := range mean {
			logs[k] = (mean[k]*v - (mean[k]*mean[k]+variance[k])/2) / (sigma * sigma)
		}
		rows[i] = softmax(logs)
	}
	return rows
}

// mixtureFrom draws a mixture of two with σ, τ₀ ≠ 1 and μ₀ ≠ 0, and a q(μ) with unequal variances.
func mixtureFrom(d draws, n int) (m model.GMM, mean, variance []float64) {
	m = model.GMM{K: 2, Sigma: d.between(1.4, 2.4), Mu0: d.away(0.6, 1.5), Tau0: d.between(1.5, 4)}
	centre := d.away(0.3, 1)
	m.X = append(d.sample(n/2, centre-2, m.Sigma), d.sample(n-n/2, centre+2, m.Sigma)...)
	mean = []float64{rounded(centre - d.between(0.5, 2.5)), rounded(centre + d.between(0.5, 2.5))}
	variance = []float64{d.between(0.2, 0.5), d.between(0.9, 1.6)}
	return m, mean, variance
}

// copiedMixture keeps a student's function from writing to the data.
func copiedMixture(m model.GMM) model.GMM {
	m.X = clone(m.X)
	return m
}

// certain are log odds beyond which a share is 0 or 1 to a machine, and still finite.
const certain = 700

// logOdds are the log odds of the first of two components, a number a row of φ.
func logOdds(phi []float64) []float64 {
	free := make([]float64, len(phi)/2)
	for i := range free {
		free[i] = min(max(math.Log(phi[2*i])-math.Log(phi[2*i+1]), -certain), certain)
	}
	return free
}

// fromLogOdds is the inverse of logOdds, a row a datum.
func fromLogOdds(free []float64) [][]float64 {
	rows := make([][]float64, len(free))
	for i, t := range free {
		rows[i] = softmax([]float64{t, 0})
	}
	return rows
}
