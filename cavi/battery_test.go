package cavi

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"elboroom/fit"
)

// subject is a model under test and what the battery has to know of its Q.
type subject[Q any] struct {
	model     Model[Q]
	shuffled  Model[Q]                                      // the same model with its data in another order; nil if order means something
	numbers   func(q Q) []float64                           // all of q that a reader sees
	params    func(q Q, factor string) int                  // how many free numbers the factor has
	nudge     func(q Q, factor string, i int, by float64) Q // moves one of them by so many of its own scale
	evidence  float64                                       // log evidence in nats, NaN where it is out of reach
	tolerance float64                                       // of the permuted fit's numbers
}

const (
	elboSlack  = 1e-10 // relative: what rounding may take from an ELBO
	farSweeps  = 40
	nudgeBy    = 1e-3
	gradient   = 2e-3 // share of the curvature's loss at a nudge that its slope may have
	batterySed = 11
)

// checkModel runs what every model of coordinate ascent owes.
func checkModel[Q any](t *testing.T, name string, s subject[Q]) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		settings := fit.Settings{Seed: batterySed, Tol: -1, Sweeps: farSweeps}
		tr := Fit(s.model, settings)
		if tr.Objective != "ELBO" || tr.Status != fit.OutOfSweeps {
			t.Fatalf("objective %q, status %v", tr.Objective, tr.Status)
		}
		updates := s.model.Updates()
		if want := 1 + farSweeps*len(updates); len(tr.Steps) != want {
			t.Fatalf("%d steps, want %d", len(tr.Steps), want)
		}
		s.climbs(t, tr)
		s.factorsAreOptimal(t, tr)
		if again := Fit(s.model, settings); !reflect.DeepEqual(tr, again) {
			t.Error("the same seed gave another trace")
		}
		start := s.model.Start(rand.NewPCG(batterySed, stream))
		if !reflect.DeepEqual(s.numbers(tr.Steps[0].Q), s.numbers(start)) {
			t.Error("step 0 was changed by later steps")
		}
		s.sweepsAreUpdates(t, tr, settings)
		if s.shuffled != nil {
			other := Fit(s.shuffled, settings)
			for i := range tr.Steps {
				if !near(tr.Steps[i].Value, other.Steps[i].Value, s.tolerance) {
					t.Fatalf("step %d: ELBO %.15g, in another order of the data %.15g", i, tr.Steps[i].Value, other.Steps[i].Value)
				}
			}
			a, b := s.numbers(tr.Last().Q), s.numbers(other.Last().Q)
			for i := range a {
				if !near(a[i], b[i], s.tolerance) {
					t.Errorf("number %d is %.15g, in another order of the data %.15g", i, a[i], b[i])
				}
			}
		}
	})
}

func (s subject[Q]) climbs(t *testing.T, tr fit.Trace[Q]) {
	for i, v := range tr.Values() {
		if i > 0 && v < tr.Steps[i-1].Value-elboSlack*(1+math.Abs(v)) {
			t.Errorf("step %d, %s: the ELBO fell from %.15g to %.15g", i, tr.Steps[i].Update, tr.Steps[i-1].Value, v)
		}
		if v > s.evidence+elboSlack*(1+math.Abs(v)) {
			t.Errorf("step %d: the ELBO %.15g is above the log evidence %.15g", i, v, s.evidence)
		}
	}
}

// factorsAreOptimal checks after a start, some steps and many that a move leaves its factor where the ELBO is
// stationary and highest in that factor, and that a second move does nothing.
func (s subject[Q]) factorsAreOptimal(t *testing.T, tr fit.Trace[Q]) {
	for _, from := range []int{0, 1, 2, 7, len(tr.Steps) - 1} {
		for _, u := range s.model.Updates() {
			q := u.Move(tr.Steps[from].Q)
			best := s.model.ELBO(q)
			if twice := u.Move(q); !reflect.DeepEqual(s.numbers(twice), s.numbers(q)) {
				t.Errorf("step %d: moving %s twice is not moving it once", from, u.Factor)
			}
			for i := range s.params(q, u.Factor) {
				at := func(by float64) float64 { return s.model.ELBO(s.nudge(q, u.Factor, i, by)) }
				up, down := at(nudgeBy), at(-nudgeBy)
				// Twice the slope times the nudge, without the third derivative (Richardson).
				slope := (8*(at(nudgeBy/2)-at(-nudgeBy/2)) - (up - down)) / 3
				loss := 2*best - up - down
				noise := elboSlack * (1 + math.Abs(best))
				if math.Abs(slope) > gradient*math.Abs(loss)+10*noise || loss < -noise {
					t.Errorf("step %d, %s, number %d: ELBO %.15g, nudged up %.15g, down %.15g", from, u.Factor, i, best, up, down)
				}
			}
		}
	}
}

// sweepsAreUpdates compares a fused sweep with its updates, one worker with eight, and the three ways to keep.
func (s subject[Q]) sweepsAreUpdates(t *testing.T, tr fit.Trace[Q], settings fit.Settings) {
	per := len(s.model.Updates())
	settings.Keep = fit.EverySweep
	for _, settings.Workers = range []int{1, 8} {
		sweeps := Fit(s.model, settings)
		if len(sweeps.Steps) != farSweeps+1 {
			t.Fatalf("EverySweep keeps %d steps, want %d", len(sweeps.Steps), farSweeps+1)
		}
		for i, step := range sweeps.Steps {
			want := tr.Steps[i*per]
			if step.Value != want.Value || step.Sweep != i || step.Update != "" || !reflect.DeepEqual(s.numbers(step.Q), s.numbers(want.Q)) {
				t.Fatalf("sweep %d with %d workers: %.17g, update by update %.17g", i, settings.Workers, step.Value, want.Value)
			}
		}
		settings := settings
		settings.Keep = fit.LastOnly
		if last := Fit(s.model, settings); len(last.Steps) != 1 || !reflect.DeepEqual(last.Steps[0], sweeps.Last()) {
			t.Errorf("LastOnly keeps %d steps", len(last.Steps))
		}
	}
}

func near(a, b, tol float64) bool { return math.Abs(a-b) <= tol*(1+math.Abs(b)) }

// reversed returns x in another order.
func reversed(x []float64) []float64 {
	y := append([]float64(nil), x...)
	rand.New(rand.NewPCG(1, 1)).Shuffle(len(y), func(i, j int) { y[i], y[j] = y[j], y[i] })
	return y
}
