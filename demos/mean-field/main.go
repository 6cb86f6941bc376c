// Command mean-field draws factorised approximations beside exact posteriors, as movies.
//
//	go run ./demos/mean-field
//	go run ./demos/mean-field -data testdata/faithful.csv -column eruptions
//
// Without data: the staircase on a correlated Gaussian, and its fixed point while the correlation grows. With data:
// a Gaussian of unknown mean and precision, whose prior is vague and centred on -mu0.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/gonum/mat"

	"elboroom/cavi"
	"elboroom/demos/data"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/kl"
	"elboroom/model"
)

func main() { data.Main(run) }

// The prior of the unknown mean and precision: as heavy as a tenth of a datum, and τ ~ Gamma(1, rate 1).
const (
	priorWeight = 0.1
	priorShape  = 1
	priorRate   = 1
)

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("mean-field", flag.ContinueOnError)
	common := data.Register(set)
	rho := set.Float64("rho", 0.9, "correlation of the Gaussian, inside −1…1")
	sweeps := set.Int("sweeps", 12, "sweeps of coordinate ascent")
	start := set.String("start", "-2.2,1.6", "starting `means`, two, separated by a comma")
	mu0 := set.Float64("mu0", 0, "prior mean of the data's mean (with -data)")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	if _, err := common.Width(); err != nil {
		return err
	}
	if *sweeps < 1 {
		return fmt.Errorf("-sweeps %d: want at least 1", *sweeps)
	}
	if common.File != "" {
		return unknownPrecision(common, *mu0, *sweeps, out)
	}
	if common.Column != "" {
		return fmt.Errorf("-column %s needs a file to read it from: add -data file.csv", common.Column)
	}
	at, err := data.List(*start)
	switch {
	case err != nil:
		return fmt.Errorf("-start: %w", err)
	case len(at) != 2:
		return fmt.Errorf("-start has %d means, want 2", len(at))
	case !(math.Abs(*rho) < 1):
		return fmt.Errorf("-rho %v: want a correlation inside −1…1", *rho)
	}
	return correlated(common, *rho, at, *sweeps, out)
}

// correlated saves the two movies of the correlated Gaussian.
func correlated(common *data.Flags, rho float64, start []float64, sweeps int, out io.Writer) error {
	p := kl.Gaussian{Mean: []float64{0, 0}, Cov: mat.NewSymDense(2, []float64{1, rho, rho, 1})}
	tr := cavi.Fit(cavi.Gaussian{Target: p, Init: start}, fit.Settings{Sweeps: sweeps, Tol: -1})
	q := tr.Last().Q
	fmt.Fprintf(out, "ρ = %v: q has variance %.4f where the exact marginal has 1; KL(q‖p) %.4f nats after %d sweeps\n",
		rho, q.Var[0], -tr.Last().Value, sweeps)
	if err := common.SaveAll(out, "mean-field", figures.MeanFieldStaircase(p, tr)); err != nil {
		return err
	}
	return common.SaveAll(out, "mean-field-correlation", figures.MeanFieldCorrelation(figures.SweepCorrelation(correlations()...)))
}

// correlations are 0, 0.03, … 0.99.
func correlations() []float64 {
	rhos := make([]float64, 34)
	for i := range rhos {
		rhos[i] = float64(3*i) / 100
	}
	return rhos
}

// unknownPrecision saves the movie of a Gaussian with unknown mean and precision on the data of the file.
func unknownPrecision(common *data.Flags, mu0 float64, sweeps int, out io.Writer) error {
	x, err := data.ReadColumn(common.File, common.Column)
	if err != nil {
		return err
	}
	m := model.Normal{X: x, Mu0: mu0, Lambda0: priorWeight, A0: priorShape, B0: priorRate}
	if err := m.Check(); err != nil {
		return err
	}
	post := exact.Normal(m)
	tr := cavi.Fit(cavi.Normal{Normal: m}, fit.Settings{Sweeps: sweeps, Seed: common.Seed})
	last := tr.Last()
	fmt.Fprintf(out, "%d data; q(μ) = N(%.4g, %.3g²), E[τ] = %.4g, so an sd near %.4g\n",
		len(x), last.Q.Mu, 1/math.Sqrt(last.Q.Lambda), last.Q.A/last.Q.B, math.Sqrt(last.Q.B/last.Q.A))
	fmt.Fprintf(out, "ELBO %.3f, log evidence %.3f: gap %.4f nats\n", last.Value, post.LogEvidence, post.LogEvidence-last.Value)
	return common.SaveAll(out, "mean-field-precision", figures.MeanFieldNormal(tr, post))
}
