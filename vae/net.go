package vae

import (
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// Net is a multilayer perceptron: a ← tanh(a W_l + b_l) for each layer, the last one without tanh.
//
// Source: Bishop, PRML (2006), §5.1; its derivatives, §5.3.
type Net struct {
	Sizes []int     // numbers in the input, in each hidden layer, in the output
	Theta []float64 // layer by layer: W_l, Sizes[l]×Sizes[l+1] row by row, then b_l
}

// randomNet draws W_l ~ N(0, 1/Sizes[l]), so that signals keep their size at the start, and sets b_l = 0.
//
// Source: Glorot and Bengio (2010), with the variance of the forward pass alone.
func randomNet(sizes []int, rng *rand.Rand) Net {
	count := 0
	for l := range len(sizes) - 1 {
		count += (sizes[l] + 1) * sizes[l+1]
	}
	n := Net{Sizes: sizes, Theta: make([]float64, count)}
	for l := range len(sizes) - 1 {
		w, _ := n.layer(n.Theta, l)
		for i := range w.RawMatrix().Data {
			w.RawMatrix().Data[i] = rng.NormFloat64() / math.Sqrt(float64(sizes[l]))
		}
	}
	return n
}

// layer returns W_l and b_l as views of numbers laid out as Theta is.
func (n Net) layer(theta []float64, l int) (w *mat.Dense, b []float64) {
	at := 0
	for k := range l {
		at += (n.Sizes[k] + 1) * n.Sizes[k+1]
	}
	in, out := n.Sizes[l], n.Sizes[l+1]
	mid := at + in*out
	return mat.NewDense(in, out, theta[at:mid]), theta[mid : mid+out]
}

// forward returns the activations of every layer, the input first, the output last; a row a datum.
func (n Net) forward(x *mat.Dense) []*mat.Dense {
	acts := []*mat.Dense{x}
	for l := range len(n.Sizes) - 1 {
		w, b := n.layer(n.Theta, l)
		var a mat.Dense
		a.Mul(acts[l], w)
		r, _ := a.Dims()
		for i := range r {
			row := a.RawRowView(i)
			floats.Add(row, b)
			if l < len(n.Sizes)-2 {
				for j, v := range row {
					row[j] = math.Tanh(v)
				}
			}
		}
		acts = append(acts, &a)
	}
	return acts
}

// backward takes the derivatives by the output, adds those by Theta to grad, and returns those by the input.
// It overwrites d.
func (n Net) backward(acts []*mat.Dense, d *mat.Dense, grad []float64) *mat.Dense {
	for l := len(n.Sizes) - 2; l >= 0; l-- {
		w, _ := n.layer(n.Theta, l)
		gw, gb := n.layer(grad, l)
		blas64.Gemm(blas.Trans, blas.NoTrans, 1, acts[l].RawMatrix(), d.RawMatrix(), 1, gw.RawMatrix()) // PRML eq. 5.53: ∂/∂W = Σ a δ
		r, _ := d.Dims()
		for i := range r {
			floats.Add(gb, d.RawRowView(i))
		}
		var below mat.Dense
		below.Mul(d, w.T())
		if l > 0 { // PRML eq. 5.56, with tanh' = 1 − tanh²
			a, b := acts[l].RawMatrix().Data, below.RawMatrix().Data
			for i, v := range a {
				b[i] *= 1 - v*v
			}
		}
		d = &below
	}
	return d
}

// Eval returns the output for one input.
func (n Net) Eval(x []float64) []float64 {
	if len(x) != n.Sizes[0] {
		panic(fmt.Sprintf("vae: Net: the input has %d numbers, want %d", len(x), n.Sizes[0]))
	}
	acts := n.forward(mat.NewDense(1, len(x), x))
	return acts[len(acts)-1].RawRowView(0)
}

// copied shares no memory with n.
func (n Net) copied() Net {
	n.Theta = append([]float64(nil), n.Theta...)
	return n
}
