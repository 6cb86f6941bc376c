package check

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"elboroom/vizlib"
)

// The right updates set off no alarm; every slip is heard by one at least or leaves no density; and every slip that
// an update's checker names has its row.
func TestWrongUpdates(t *testing.T) {
	rows := WrongUpdates()
	for _, w := range rows {
		switch {
		case w.Slip == "" && (w.Fell+w.Slope+w.Closed > 0 || w.Cases != w.Of || math.Abs(w.Short) > 1e-9):
			t.Errorf("the right update: %s", w)
		case w.Slip != "" && w.Closed == 0 && w.Cases == w.Of:
			t.Errorf("nothing hears it: %s", w)
		case w.Slip != "" && w.Closed > 0 && !(w.Short > 1e-9):
			t.Errorf("the closed form rings and nothing is lost: %s", w)
		}
	}
	for _, e := range all() {
		of := slices.DeleteFunc(slices.Clone(rows), func(w WrongUpdate) bool { return w.Exercise != e.id })
		if len(of) == 0 {
			if e.instances[0].alarm != nil {
				t.Errorf("exercise %s is an update and stands not in the table", e.id)
			}
			continue
		}
		if of[0].Slip != "" || len(of) != len(e.hints)+1 {
			t.Errorf("exercise %s has %d rows, want the right update and %d slips", e.id, len(of), len(e.hints))
		}
	}
}

// What a reader is told: that the ELBO fell is the deafest alarm, and that a hard choice is silent for the slope.
func TestAlarmsDiffer(t *testing.T) {
	row := func(id, slip string) WrongUpdate {
		for _, w := range WrongUpdates(id) {
			if w.Slip == slip {
				return w
			}
		}
		t.Fatalf("%s has no row %q", id, slip)
		return WrongUpdate{}
	}
	for id, slips := range map[string][]string{
		"5.1": {"s² was dropped"},
		"5.2": {"the prior is missing", "the prior is missing in s²", "the sd for the variance"},
		"4.4": {"a₀ + N/2", "the variance of μ was forgotten", "the term with λ₀ is missing"},
	} {
		for _, slip := range slips {
			if w := row(id, slip); w.Fell > 0 || w.Slope == 0 || w.Closed != w.Of {
				t.Errorf("want silence of the first alarm only: %s", w)
			}
		}
	}
	if w := row("5.1", "a hard choice"); w.Slope > 0 || w.Fell == 0 || w.Closed == 0 {
		t.Errorf("want silence of the second alarm only: %s", w)
	}
	if w := row("5.1", "the ½ is missing"); w.Fell == 0 || w.Slope == 0 || w.Closed == 0 {
		t.Errorf("want all three to ring: %s", w)
	}
	if w := row("5.1", "overflow"); w.Cases != w.Of-1 || !strings.Contains(w.String(), "NaN in 1") {
		t.Errorf("want NaN in one case: %s", w)
	}
	if w := row("5.1", "not normalised"); w.Cases != 0 || !strings.Contains(w.String(), "no density") {
		t.Errorf("want no density: %s", w)
	}
}

func TestAlarmTable(t *testing.T) {
	if err := vizlib.Save(filepath.Join(t.TempDir(), "lab.png"), AlarmTable(WrongUpdates("5.1", "5.2"))); err != nil {
		t.Error(err)
	}
	for _, f := range []func(){func() { WrongUpdates("5.1", "5.3") }, func() { AlarmTable(WrongUpdates("5.1")[:1]) }} {
		func() {
			defer func() {
				if s := fmt.Sprint(recover()); !strings.HasPrefix(s, "check: ") {
					t.Errorf("recovered %s, want a panic with a sentence", s)
				}
			}()
			f()
		}()
	}
}

// Whatever numbers an answer holds, a checker ends with words.
func TestNoNumbersBreakAChecker(t *testing.T) {
	odd := []float64{0, 1, -1, 0.5, 1e-300, 1e300, -1e300, math.Inf(1), math.Inf(-1), math.NaN()}
	for _, e := range all() {
		for _, v := range odd {
			broken := e
			broken.instances = slices.Clone(e.instances)
			for i, in := range e.instances {
				broken.instances[i].ask = func() ([]float64, error) {
					got := make([]float64, len(in.want))
					for j := range got {
						got[j] = v
					}
					return got, nil
				}
			}
			if said := broken.judge(); !said.Passed && said.Message == "" {
				t.Errorf("%s: nothing is said of %v", e.id, v)
			}
		}
	}
}
