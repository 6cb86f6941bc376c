// Command race draws CAVI, EM, Gibbs and Metropolis on one mixture of two components, as a movie over passes.
//
//	go run ./demos/race
//	go run ./demos/race -data testdata/faithful.csv -column waiting -sigma 5.87 -mu0 70.9 -tau0 20 -start 60,64 -step 0.7
package main

import (
	"flag"
	"fmt"
	"io"
	"math/rand/v2"

	"elboroom/demos/data"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/model"
)

func main() { data.Main(run) }

// lectureSeed is that of the lecture's forty data.
const lectureSeed = 48

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("race", flag.ContinueOnError)
	common := data.Register(set)
	sigma := set.Float64("sigma", 1, "sd of the noise")
	mu0 := set.Float64("mu0", 0, "prior mean of each component's mean")
	tau0 := set.Float64("tau0", 5, "prior sd of each component's mean")
	start := set.String("start", "-0.4,3.2", "starting `means`, two, separated by a comma")
	passes := set.Int("passes", 10000, "passes over the data, at least 2")
	chains := set.Int("chains", 20, "chains of each sampler")
	step := set.Float64("step", 0.5, "sd of Metropolis's proposals")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	if _, err := common.Width(); err != nil {
		return err
	}
	at, err := data.List(*start)
	switch {
	case err != nil:
		return fmt.Errorf("-start: %w", err)
	case len(at) != 2:
		return fmt.Errorf("-start has %d means, want 2", len(at))
	case *passes < 2:
		return fmt.Errorf("-passes %d: want at least 2", *passes)
	case *chains < 1:
		return fmt.Errorf("-chains %d: want at least 1", *chains)
	case !(*step > 0):
		return fmt.Errorf("-step %v: want a positive number", *step)
	case !(*sigma > 0) || !(*tau0 > 0):
		return fmt.Errorf("-sigma %v -tau0 %v: want positive numbers", *sigma, *tau0)
	}
	x, err := numbers(common)
	if err != nil {
		return err
	}
	mix := model.GMM{X: x, Sigma: *sigma, Mu0: *mu0, Tau0: *tau0}
	if err := mix.Check(); err != nil {
		return err
	}
	post, err := exact.GMM(mix, exact.Config{})
	if err != nil {
		return err
	}
	race := figures.RunRace(mix, post, figures.RaceRules{Start: at, Passes: *passes, Chains: *chains, Step: *step, Seed: common.Seed})
	for _, r := range race.Runners {
		fmt.Fprintf(out, "%-11s after %d passes: total variation %.4f, W₁ of the sorted means %.4g\n", r.Name, *passes, r.Floor(r.TV), r.Floor(r.W1))
	}
	if err := common.SaveAll(out, "race", figures.RaceMovie(race)); err != nil {
		return err
	}
	return common.SaveAll(out, "race-errors", figures.RaceErrors(race))
}

// numbers are those of the file, or the lecture's.
func numbers(common *data.Flags) ([]float64, error) {
	if common.File != "" {
		return data.ReadColumn(common.File, common.Column)
	}
	if common.Column != "" {
		return nil, fmt.Errorf("-column %s needs a file to read it from: add -data file.csv", common.Column)
	}
	x, _ := model.SimulateGMM(40, []float64{-1.6, 1.9}, 1, rand.New(rand.NewPCG(lectureSeed, 0)))
	return x, nil
}
