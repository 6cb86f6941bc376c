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
