// Command cavi-gmm fits a mixture of Gaussians by coordinate ascent and saves the fit as a movie and as a strip
// of four frames.
//
//	go run ./demos/cavi-gmm
//	go run ./demos/cavi-gmm -data testdata/faithful.csv -column waiting -sigma 5.87 -mu0 70.9 -tau0 20
//
// The model knows the sd of its noise (-sigma) and gives each mean the prior N(mu0, tau0²). The data are taken as
// they are, never rescaled.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"

	"elboroom/cavi"
	"elboroom/demos/data"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
)

func main() { data.Main(run) }

// The lecture's data, and its poor start, so that things move.
func lectureMeans() []float64 { return []float64{-1.6, 1.9} }
func lectureStart() []float64 { return []float64{-0.4, 3.2} }

const (
	lectureSize = 40
	lectureSeed = 48
	lectureTau0 = 5
)

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("cavi-gmm", flag.ContinueOnError)
	common := data.Register(set)
	var m model.GMM
	set.IntVar(&m.K, "k", 2, "number of components")
	set.Float64Var(&m.Sigma, "sigma", 1, "sd of the noise, in the units of the data")
	set.Float64Var(&m.Mu0, "mu0", 0, "prior mean of each component's mean")
	set.Float64Var(&m.Tau0, "tau0", 0, "prior sd of each component's mean (default: 5 for simulated data, else 10 times -sigma)")
	init := set.String("init", "", "starting `means`, separated by commas (default: the lecture's for its data, else drawn)")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })

	start, err := data.List(*init)
	if err != nil {
		return fmt.Errorf("-init: %w", err)
	}
	if m.X, err = readOrSimulate(common, given); err != nil {
		return err
	}
	if common.File == "" && m.K == len(lectureMeans()) && !given["init"] {
		start = lectureStart()
	}
	if common.File == "" && !given["tau0"] {
		m.Tau0 = lectureTau0
	}
	if err := check(m, start, given); err != nil {
		return err
	}
	if _, err := common.Width(); err != nil {
		return err
	}
	m = m.Filled()
	describe(out, m, common.File != "" && !given["sigma"])

	tr := cavi.Fit(cavi.GMM{GMM: m, Init: start}, fit.Settings{Seed: common.Seed})
	post, err := exact.GMM(m, exact.Config{})
	if err != nil {
		fmt.Fprintf(out, "no exact evidence: %v\n", err)
	}
	report(out, m, tr, post)
	if err := common.SaveAll(out, "cavi-gmm", figures.MixtureFit(m, tr, post)); err != nil {
		return err
	}
	return common.SaveStill(out, "cavi-gmm-strip", figures.MixtureFitStrip(m, tr, post))
}

// readOrSimulate returns the data of the file, or the lecture's.
func readOrSimulate(common *data.Flags, given map[string]bool) ([]float64, error) {
	if common.File != "" {
		return data.ReadColumn(common.File, common.Column)
	}
	if given["column"] {
		return nil, fmt.Errorf("-column %s needs a file to read it from: add -data file.csv", common.Column)
	}
	seed := uint64(lectureSeed)
	if given["seed"] {
		seed = common.Seed
	}
	x, _ := model.SimulateGMM(lectureSize, lectureMeans(), 1, rand.New(rand.NewPCG(seed, 0)))
	return x, nil
}

// check says what is wrong with the flags in the words of the command.
func check(m model.GMM, start []float64, given map[string]bool) error {
	switch {
	case m.K < 1:
		return fmt.Errorf("-k %d: want at least 1 component", m.K)
	case !(m.Sigma > 0) || math.IsInf(m.Sigma, 0):
		return fmt.Errorf("-sigma %v: want a positive finite number", m.Sigma)
	case given["tau0"] && (!(m.Tau0 > 0) || math.IsInf(m.Tau0, 0)):
		return fmt.Errorf("-tau0 %v: want a positive finite number", m.Tau0)
	case math.IsNaN(m.Mu0) || math.IsInf(m.Mu0, 0):
		return fmt.Errorf("-mu0 %v: want a finite number", m.Mu0)
	case start != nil && len(start) != m.K:
		return fmt.Errorf("-init has %d means for %d components, want one each", len(start), m.K)
	}
	return m.Check()
}

// describe says what is fitted, and what was assumed without being told.
func describe(out io.Writer, m model.GMM, assumed bool) {
	fmt.Fprintf(out, "%d data with sd %.4g; model: K = %d, noise sd %.4g, prior N(%.4g, %.4g²) for each mean\n",
		len(m.X), data.SD(m.X), m.K, m.Sigma, m.Mu0, m.Tau0)
	if assumed {
		fmt.Fprintf(out, "no -sigma given: the model assumes a noise sd of 1, the data's sd is %.4g; the data are not rescaled\n", data.SD(m.X))
	}
}

// report prints the fit in numbers.
func report(out io.Writer, m model.GMM, tr fit.Trace[cavi.GMMFactors], post exact.GMMPosterior) {
	last := tr.Last()
	for k, mean := range last.Q.Mean {
		fmt.Fprintf(out, "q(μ_%d) = N(%.2f, %.3f²), %.1f data\n", k+1, mean, math.Sqrt(last.Q.Var[k]), last.Q.Count[k])
	}
	fmt.Fprintf(out, "ELBO %.2f nats after %d sweeps: %v\n", last.Value, last.Sweep, tr.Status)
	if post.Method != exact.Auto {
		gap := cavi.GMM{GMM: m}.Gap(last.Q, post.LogEvidence)
		fmt.Fprintf(out, "log evidence %.2f: gap %.2f nats, of which %.2f labels and %.2f mean field\n",
			post.LogEvidence, gap.Total, gap.Labels, gap.MeanField)
	}
}
