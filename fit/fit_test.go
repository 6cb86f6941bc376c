package fit_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"elboroom/fit"
)

func ExampleTrace() {
	tr := fit.Trace[float64]{Objective: "ELBO", Steps: []fit.Step[float64]{
		{Sweep: 0, Value: -3, Q: 0},
		{Sweep: 1, Update: "q(μ)", Value: -1, Q: 0.5},
	}}
	fmt.Println(tr.Last().Update, tr.Values(), tr.Status)
	// Output: q(μ) [-3 -1] converged
}

func TestFilledDefaults(t *testing.T) {
	s := fit.Settings{}.Filled()
	if s.Tol != fit.DefaultTol || s.Sweeps != fit.DefaultSweeps || s.Workers < 1 {
		t.Fatalf("Filled() = %+v", s)
	}
	s = fit.Settings{Tol: -1, Sweeps: 3, Workers: 2}.Filled()
	if s.Tol != -1 || s.Sweeps != 3 || s.Workers != 2 {
		t.Fatalf("Filled() changed what was set: %+v", s)
	}
}

func TestBadSettingsPanicWithASentence(t *testing.T) {
	for name, f := range map[string]func(){
		"Tol":     func() { fit.Settings{Tol: math.NaN()}.Filled() },
		"Sweeps":  func() { fit.Settings{Sweeps: -1}.Filled() },
		"Workers": func() { fit.Settings{Workers: -1}.Filled() },
		"Keep":    func() { fit.Settings{Keep: 9}.Filled() },
		"Last":    func() { fit.Trace[int]{}.Last() },
	} {
		func() {
			defer func() {
				msg, _ := recover().(string)
				if !strings.HasPrefix(msg, "fit: ") || !strings.Contains(msg, name) {
					t.Errorf("%s: panic %q", name, msg)
				}
			}()
			f()
		}()
	}
}
