package cavi

import (
	"fmt"
	"runtime"
	"testing"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
	"elboroom/model"
)

// A fused sweep: nanoseconds a datum, by number of components and of workers.
func BenchmarkGMMSweep(b *testing.B) {
	const n = 1_000_000
	for _, k := range []int{2, 3, 8} {
		means := make([]float64, k)
		for i := range means {
			means[i] = 3 * float64(i)
		}
		x, _ := model.SimulateGMM(n, means, 1, rng(1))
		m := GMM{GMM: model.GMM{X: x, K: k}, Init: means}
		q := Fit(m, fit.Settings{Sweeps: 1, Keep: fit.LastOnly}).Last().Q
		for _, workers := range []int{1, runtime.GOMAXPROCS(0)} {
			b.Run(fmt.Sprintf("K=%d/workers=%d", k, workers), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					m.Sweep(q, workers)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/datum")
			})
		}
	}
}

// The same for the full mixture, by number of dimensions.
func BenchmarkBayesGMMSweep(b *testing.B) {
	const n, k = 100_000, 3
	for _, d := range []int{1, 2, 8} {
		x, _ := model.BayesGMM{X: mat.NewDense(1, d, nil), K: k, Beta0: 0.1}.Simulate(n, rng(1))
		m := BayesGMM{BayesGMM: model.BayesGMM{X: x, K: k}}
		q := Fit(m, fit.Settings{Sweeps: 1, Keep: fit.LastOnly}).Last().Q
		b.Run(fmt.Sprintf("D=%d", d), func(b *testing.B) {
			for b.Loop() {
				m.Sweep(q, 1)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/datum")
		})
	}
}

// The split of the gap: by quadrature for two components, by draws above.
func BenchmarkGMMGap(b *testing.B) {
	const n, anEvidence = 1000, -2000 // the split does not depend on it
	for _, k := range []int{2, 3} {
		x, _ := model.SimulateGMM(n, []float64{-4, 0, 4}[:k], 1, rng(1))
		m := GMM{GMM: model.GMM{X: x, K: k}}
		q := Fit(m, fit.Settings{Seed: 1, Keep: fit.LastOnly}).Last().Q
		b.Run(fmt.Sprintf("K=%d", k), func(b *testing.B) {
			for b.Loop() {
				m.Gap(q, anEvidence)
			}
		})
	}
}

// A whole fit, as a cell runs it: every half-step kept.
func BenchmarkFit(b *testing.B) {
	x, _ := model.SimulateGMM(300, []float64{-1.6, 1.9}, 1, rng(1))
	b.Run("GMM", func(b *testing.B) { benchmarkFit(b, GMM{GMM: model.GMM{X: x}}) })
	b.Run("Normal", func(b *testing.B) { benchmarkFit(b, Normal{Normal: model.Normal{X: x, Lambda0: 1, A0: 1, B0: 1}}) })
	b.Run("Gaussian", func(b *testing.B) { benchmarkFit(b, Gaussian{Target: correlated(0.9)}) })
	b.Run("BayesGMM", func(b *testing.B) {
		benchmarkFit(b, BayesGMM{BayesGMM: model.BayesGMM{X: mat.NewDense(150, 2, x)}})
	})
}

func benchmarkFit[Q any](b *testing.B, m Model[Q]) {
	var steps int
	for b.Loop() {
		steps = len(Fit(m, fit.Settings{Seed: 1}).Steps)
	}
	b.ReportMetric(float64(steps), "steps")
}

// Stochastic steps of 100 data each.
func BenchmarkStochasticStep(b *testing.B) {
	const steps = 100
	x, _ := model.SimulateGMM(100*steps, []float64{-1.6, 1.9}, 1, rng(1))
	for b.Loop() {
		FitStochastic(GMM{}, Shuffled(x, 1, 1), Stochastic{Of: len(x)}, fit.Settings{Keep: fit.LastOnly})
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/steps, "ns/step")
}
