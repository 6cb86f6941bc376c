package vae

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Data are cut into chunks by their number alone and the chunks' sums are added in order, so no result depends on
// how many workers share the chunks.
const chunkRows = 13 // half a mini-batch of the default size

// inChunks calls f for the chunks from … to of n rows and returns the sum of what it returns. Each call has an own
// gradient of zeros, as long as grad; the gradients are added to grad, which may be nil.
func inChunks(n, workers int, grad []float64, f func(from, to int, grad []float64) float64) float64 {
	chunks := (n + chunkRows - 1) / chunkRows
	values, grads := make([]float64, chunks), make([][]float64, chunks)
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < chunks; i = int(next.Add(1)) - 1 {
			grads[i] = make([]float64, len(grad))
			values[i] = f(i*n/chunks, (i+1)*n/chunks, grads[i])
		}
	}
	var wg sync.WaitGroup
	for range min(workers, chunks) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	for _, g := range grads {
		floats.Add(grad, g)
	}
	return sum(values)
}

func sum(v []float64) float64 {
	var s float64
	for _, x := range v {
		s += x
	}
	return s
}

// rows is a view of the rows from … to.
func rows(x *mat.Dense, from, to int) *mat.Dense {
	_, d := x.Dims()
	return x.Slice(from, to, 0, d).(*mat.Dense)
}

// picked copies some rows.
func picked(x *mat.Dense, which []int) *mat.Dense {
	_, d := x.Dims()
	p := mat.NewDense(len(which), d, nil)
	for i, at := range which {
		p.SetRow(i, x.RawRowView(at))
	}
	return p
}

// normals draws an r×c table of N(0, 1).
func normals(r, c int, rng *rand.Rand) *mat.Dense {
	e := mat.NewDense(r, c, nil)
	for i := range e.RawMatrix().Data {
		e.RawMatrix().Data[i] = rng.NormFloat64()
	}
	return e
}

// checked panics unless x is a table of finite numbers with at least one row.
func checked(owner, field string, x *mat.Dense) (n, d int) {
	if x == nil || x.IsEmpty() {
		panic(fmt.Sprintf("vae: %s: %s has 0 data, want at least 1", owner, field))
	}
	n, d = x.Dims()
	for i := range n {
		for j, v := range x.RawRowView(i) {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("vae: %s: %s[%d][%d] is %v, want a finite number", owner, field, i, j, v))
			}
		}
	}
	return n, d
}

func checkPositive(owner, field string, v float64) {
	if !(v > 0) || math.IsInf(v, 0) {
		panic(fmt.Sprintf("vae: %s: %s is %v, want a finite number above 0", owner, field, v))
	}
}

func checkWidths(owner string, hidden []int) {
	for i, h := range hidden {
		if h < 1 {
			panic(fmt.Sprintf("vae: %s: Hidden[%d] is %d, want at least 1", owner, i, h))
		}
	}
}
