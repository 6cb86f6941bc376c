// Command bayesgmm fits the mixture that it reads from stdin as JSON and writes the fit to stdout, so that the
// Python tests can hold it against scikit-learn.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var in struct {
		X, Init, W0        [][]float64
		K                  int
		Alpha0, Beta0, Nu0 float64
		M0                 []float64
	}
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		return err
	}
	d := len(in.M0)
	x, w0 := mat.NewDense(len(in.X), d, nil), mat.NewSymDense(d, nil)
	for i, row := range in.X {
		x.SetRow(i, row)
	}
	for i := range d {
		for j := range i + 1 {
			w0.SetSym(i, j, in.W0[i][j])
		}
	}
	m := cavi.BayesGMM{
		BayesGMM: model.BayesGMM{X: x, K: in.K, Alpha0: in.Alpha0, Beta0: in.Beta0, Nu0: in.Nu0, M0: in.M0, W0: w0},
		Init:     in.Init,
	}
	last := cavi.Fit(m, fit.Settings{Tol: 1e-13, Sweeps: 20000, Keep: fit.LastOnly}).Last()
	out := map[string]any{
		"elbo": last.Value, "alpha": last.Q.Alpha, "beta": last.Q.Beta, "nu": last.Q.Nu, "m": last.Q.M,
	}
	w := make([][][]float64, len(last.Q.W))
	for k := range w {
		w[k] = make([][]float64, d)
		for i := range d {
			w[k][i] = mat.Row(nil, i, last.Q.W[k])
		}
	}
	out["w"] = w
	return json.NewEncoder(os.Stdout).Encode(out)
}
