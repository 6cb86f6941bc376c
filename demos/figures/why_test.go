package figures

import (
	"math"
	"strings"
	"testing"

	"elboroom/cavi"
	"elboroom/model"
	"elboroom/vizlib"
)

func TestCoverageCountsWhatHolds(t *testing.T) {
	wide := Intervals{"wide", []float64{-2, -1, 0.5, -3}, []float64{2, 1, 2, -1}}
	narrow := Intervals{"narrow", []float64{0.1, -0.1, 1, -2}, []float64{0.2, 0.1, 1.5, -1.5}}
	if h := wide.Hits(0); h != 2 {
		t.Errorf("%d of the wide intervals hold 0, want 2", h)
	}
	mv := WhyCoverage(0, 0.9, wide, narrow)
	mustDraw(t, mv)
	if n := mv.Frame(mv.Len - 1).(vizlib.Grid).Numbers; n != "wide holds 50 % · narrow holds 25 %" {
		t.Errorf("the last frame says %q", n)
	}
}

func TestBandIsDrawn(t *testing.T) {
	f := WhyBand([]float64{0, 0.9}, [][]float64{{0.1, -0.1, 0.05}, {0.7, 0.9, 0.8}})
	mustDraw(t, f)
	if f.Numbers != "at ρ = 0.90 from 0.70 to 0.90" {
		t.Errorf("it says %q", f.Numbers)
	}
}

func TestWrongUpdatesRingTheirAlarms(t *testing.T) {
	m := model.GMM{X: []float64{-2.9, -1.8, -1.2, -0.4, 0.6, 1.3, 2.2, 3.1}, Sigma: 1, Tau0: 5}
	for _, w := range WrongUpdates(m, []float64{-0.4, 3.2}) {
		t.Log(w)
		if w.Slip == "none" {
			if w.Fell || w.Slope || w.Short > alarmShort {
				t.Errorf("the right updates ring: %v", w)
			}
			continue
		}
		if !(w.Short > 1000*alarmShort) {
			t.Errorf("%s is only %v nats short, want the closed form to tell", w.Slip, w.Short)
		}
		if hard := strings.Contains(w.Slip, "0 or 1"); w.Slope == hard {
			t.Errorf("%s: slope rings: %v. At φ = 0 or 1 the log odds have no slope; elsewhere they have", w.Slip, w.Slope)
		}
	}
}

func TestAlarmLabHasTheSolversELBO(t *testing.T) {
	m := model.GMM{X: []float64{-2, 0.3, 1.7, 4}, Sigma: 1.5, Mu0: 0.7, Tau0: 3}
	lab := alarmLab{m.Filled()}
	q := cavi.GMM{GMM: m}.Factors([]float64{-1, 2}, []float64{0.4, 0.7})
	s := alarmState{mean: q.Mean, variance: q.Var}
	for _, x := range m.X {
		s.phi = append(s.phi, q.Responsibilities(x)[0])
	}
	if got, want := lab.elbo(s), (cavi.GMM{GMM: m}).ELBO(q); math.Abs(got-want) > 1e-10 {
		t.Errorf("the lab's ELBO is %v, the solver's %v", got, want)
	}
}

func TestWhyFiguresWantWhatTheyDraw(t *testing.T) {
	for want, f := range map[string]func(){
		"0 methods":        func() { WhyCoverage(0, 0.9) },
		"want 2 of each":   func() { WhyCoverage(0, 0.9, Intervals{"a", []float64{1, 2}, []float64{3}}) },
		"correlations and": func() { WhyBand([]float64{1, 2}, nil) },
		"starting means":   func() { WrongUpdates(model.GMM{X: []float64{1}}, nil) },
	} {
		func() {
			defer func() {
				if msg, _ := recover().(string); !strings.HasPrefix(msg, "figures: ") || !strings.Contains(msg, want) {
					t.Errorf("panic %q, want a sentence with %q", msg, want)
				}
			}()
			f()
		}()
	}
}
