package rivals_test

import (
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
	"elboroom/rivals"
)

const benchData = 1000

// One E and one M step, 1000 data in two dimensions and three components.
func BenchmarkEMSweep(b *testing.B) {
	const sweeps = 20
	x, _ := model.BayesGMM{X: mat.NewDense(1, 2, nil), K: 3, Beta0: 0.1}.Simulate(benchData, rng(1))
	for b.Loop() {
		rivals.EM{X: x, K: 3}.Fit(fit.Settings{Seed: 1, Sweeps: sweeps, Tol: -1, Keep: fit.LastOnly})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/sweeps, "ns/sweep")
}

// One draw of all assignments of 1000 data and of two means.
func BenchmarkGibbsGMM(b *testing.B) {
	const draws = 100
	x, _ := model.SimulateGMM(benchData, []float64{-1.6, 1.9}, 1, rng(1))
	for b.Loop() {
		rivals.GibbsGMM(model.GMM{X: x}, rivals.Sampling{Chains: 1, Draws: draws})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/draws, "ns/draw")
}

func BenchmarkMetropolis(b *testing.B) {
	const draws = 1000
	m := rivals.Metropolis{Target: kl.TwoBumps(2), Step: 2}
	for b.Loop() {
		m.Sample(rivals.Sampling{Chains: 1, Draws: draws, Init: [][]float64{{0}}})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/draws, "ns/draw")
}

func BenchmarkDiagnose(b *testing.B) {
	chains := rivals.Metropolis{Target: kl.TwoBumps(2), Step: 2}.Sample(rivals.Sampling{Init: [][]float64{{0}, {1}, {2}, {3}}}).Values(0)
	for b.Loop() {
		rivals.Diagnose(chains)
	}
}
