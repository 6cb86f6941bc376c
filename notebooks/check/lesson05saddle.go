package check

import (
	"errors"
	"fmt"
	"math"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/model"
	"elboroom/vizlib"
)

const (
	offSaddle  = 1e-6 // how far from the saddle the fit of exercise 5.4 starts
	mostSweeps = 5000 // that exercise 5.4 runs
	atTheTop   = 1e-3 // nats below the best ELBO that count as having arrived
)

// EscapeSaddle checks exercise 5.4: settings that let a fit of the lecture's mixture escape that starts 1e-6
// beside the saddle, where both means are equal. It runs the fit with these settings.
func EscapeSaddle(s fit.Settings) { escapeSaddle(s).tell() }

func escapeSaddle(s fit.Settings) exercise {
	d := drawsFor(54)
	m := model.GMM{K: 2, Sigma: 1, Mu0: 0, Tau0: 5, X: append(d.sample(20, -1.6, 1), d.sample(20, 1.9, 1)...)}
	middle := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{0.1, 0.1}}, fit.Settings{Keep: fit.LastOnly}).Last().Q.Mean[0]
	start := cavi.GMM{GMM: m, Init: []float64{middle - offSaddle, middle + offSaddle}}
	best := cavi.Fit(cavi.GMM{GMM: m, Init: []float64{-1.5, 2}}, fit.Settings{Keep: fit.LastOnly, Tol: -1, Sweeps: 200}).Last().Value
	run := func() fit.Trace[cavi.GMMFactors] {
		s := s
		s.Keep, s.Workers = fit.EverySweep, 1
		return cavi.Fit(start, s)
	}
	reach := func(change fit.Settings) []float64 {
		change.Keep, change.Workers = fit.LastOnly, 1
		return []float64{cavi.Fit(start, change).Last().Value}
	}
	e := exercise{id: "5.4", title: "escape the saddle", hints: []hint{
		{"it stopped on the plateau", "the first gains are tiny, and a fit stops when a sweep gains less than Tol. Which Tol never stops early?"},
		{"too few sweeps", "the climb shows only after some sweeps: let it run for longer."},
	}}
	in := instance{
		given: fmt.Sprintf("start %.0e beside the saddle, Tol %v, Sweeps %d (0 stands for the default)", offSaddle, s.Tol, s.Sweeps),
		parts: []string{"ELBO at the end"},
		ask: func() ([]float64, error) {
			if s.Sweeps > mostSweeps {
				return nil, fmt.Errorf("%d sweeps are more than anybody wants to wait for: %d are enough by far", s.Sweeps, mostSweeps)
			}
			t := run()
			if t.Status == fit.Broken {
				return nil, errors.New(t.Reason)
			}
			return []float64{t.Last().Value}, nil
		},
		want:  []float64{best},
		tol:   atTheTop / (1 + math.Abs(best)),
		slips: map[string][]float64{},
	}
	in.laws = []law{{"the fit ends at the top", func(got []float64) string {
		t := run()
		return fmt.Sprintf("it ended after %d sweeps (%s) with ELBO %s, and the top is at %s", t.Last().Sweep, t.Status, number(got[0]), number(best))
	}}}
	if s.Tol >= 0 && !math.IsNaN(s.Tol) && s.Sweeps >= 0 && s.Sweeps <= mostSweeps {
		in.slips["it stopped on the plateau"] = reach(s)
	}
	if s.Tol < 0 && s.Sweeps >= 0 && s.Sweeps <= mostSweeps {
		in.slips["too few sweeps"] = reach(s)
	}
	e.instances = []instance{in}
	e.picture = func([]float64) vizlib.Picture {
		t := run()
		x := make([]float64, len(t.Steps))
		for i, step := range t.Steps {
			x[i] = float64(step.Sweep)
		}
		if len(x) < 2 {
			return nil
		}
		return vizlib.Figure{Title: "Your fit, and the top that it did not reach", X: "sweep", Y: "nats", Marks: []vizlib.Mark{
			vizlib.Line{X: x, Y: t.Values(), Step: true, Name: "ELBO", Style: vizlib.Style{Ink: vizlib.Bound, Width: 3}},
			vizlib.Line{X: []float64{0, x[len(x)-1]}, Y: []float64{best, best}, Name: "the top", Style: vizlib.Style{Ink: vizlib.Exact, Width: 2}},
		}}
	}
	return e
}

// LabelsShare checks exercise 5.5: how much of the gap is the labels' share, KL(q‖q̄) in nats, q̄ being q averaged
// over all ways to name the components. It asks only where the answer has no need of an integral: components with
// these means and sds that lie far apart, or that are all the same.
//
//	ln K! far apart, 0 where all are the same
func LabelsShare(f func(means, sds []float64) float64) { labelsShare(f).tell() }

func labelsShare(f func(means, sds []float64) float64) exercise {
	e := exercise{id: "5.5", title: "the labels' share", hints: []hint{
		{"ln K for ln K!", "K names can be given in K! ways: count the orders, not the components."},
		{"added although the components overlap", "where the factors are the same, swapping their names changes nothing: q̄ = q, and the share is 0."},
		{"0 although the components lie apart", "the posterior has a peak for each way to name the components, and q sits on one of them."},
	}}
	d := drawsFor(55)
	for i := range 6 {
		k := 2 + i/2
		means, sds := make([]float64, k), make([]float64, k)
		mean, sd, want := d.away(1, 3), d.between(0.4, 0.9), 0.0
		apart := i%2 == 0
		for j := range k {
			means[j], sds[j] = mean, sd
			if apart {
				means[j], sds[j] = rounded(mean+60*float64(j)), d.between(0.4, 0.9)
				want += math.Log(float64(j + 1))
			}
		}
		factorial, _ := math.Lgamma(float64(k + 1))
		e.instances = append(e.instances, instance{
			given: fmt.Sprintf("means %v, sds %v", means, sds),
			ask:   func() ([]float64, error) { return []float64{f(clone(means), clone(sds))}, nil },
			want:  []float64{want},
			tol:   1e-4,
			laws: []law{
				{"the share is a divergence, and never negative", atLeastZero("share", 0)},
				{"the share is at most ln K!", func(got []float64) string {
					if got[0] > factorial+1e-4 {
						return fmt.Sprintf("you have %s, and ln %d! = %s", number(got[0]), k, number(factorial))
					}
					return ""
				}},
				{"no price for names where names make no difference", func(got []float64) string {
					if !apart && got[0] > 1e-4 {
						return fmt.Sprintf("all %d components are the same, and you have %s", k, number(got[0]))
					}
					return ""
				}},
			},
			slips: map[string][]float64{
				"ln K for ln K!":                        {map[bool]float64{true: math.Log(float64(k))}[apart]},
				"added although the components overlap": {factorial},
				"0 although the components lie apart":   {0},
			},
		})
	}
	return e
}
