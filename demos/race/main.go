// Command race draws CAVI, EM, Gibbs and Metropolis on one mixture of two components, as a movie over passes.
//
//	go run ./demos/race
//	go run ./demos/race -clock
//	go run ./demos/race -data testdata/faithful.csv -column waiting -sigma 5.87 -mu0 70.9 -tau0 20 -start 60,64 -step 0.7
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"elboroom/cavi"
	"elboroom/demos/data"
	"elboroom/demos/figures"
	"elboroom/exact"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/rivals"
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
	clock := set.Bool("clock", false, "also time a pass of each here and now, and draw the race in seconds")
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
	if err := common.SaveAll(out, "race-errors", figures.RaceErrors(race)); err != nil || !*clock {
		return err
	}
	return common.SaveAll(out, "race-clock", figures.RaceClock(race, timed(mix, at, *step)...))
}

// timed is how many seconds a pass of each runner takes, in the order of figures.Race.Runners.
func timed(mix model.GMM, start []float64, step float64) []float64 {
	const passes = 3000
	sweeps := fit.Settings{Sweeps: passes, Tol: -1, Keep: fit.LastOnly}
	draws := rivals.Sampling{Chains: 1, Draws: passes, Init: [][]float64{start}}
	var seconds []float64
	for _, run := range []func(){
		func() { cavi.Fit(cavi.GMM{GMM: mix, Init: start}, sweeps) },
		func() { rivals.EMMeans{GMM: mix, Init: start}.Fit(sweeps) },
		func() { rivals.GibbsGMM(mix, draws) },
		func() { rivals.Metropolis{Target: mix, Step: step}.Sample(draws) },
	} {
		least := math.Inf(1)
		for range 5 { // others may be at work on the machine
			began := time.Now()
			run()
			least = min(least, time.Since(began).Seconds()/passes)
		}
		seconds = append(seconds, least)
	}
	return seconds
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
