package cavi

import (
	"fmt"
	"runtime"
	"testing"

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
