package figures

import (
	"fmt"
	"math"

	"elboroom/model"
)

// WrongUpdate is a slip in one of the two updates of the lecture's mixture, and which alarms it sets off in five sweeps.
type WrongUpdate struct {
	Slip  string
	Fell  bool    // the ELBO was lower after a half-step than before it
	Slope bool    // after a half-step the ELBO still had a slope in the factor that had moved
	Short float64 // nats by which the ELBO after a half-step was at most below the closed form, ln of the factor's normaliser and what the rest adds
}

// String is a line of a table.
func (w WrongUpdate) String() string {
	word := func(rings bool) string {
		if rings {
			return "RINGS"
		}
		return "–"
	}
	return fmt.Sprintf("%-21s %-8s%-8s%-8s %.5f nats short", w.Slip, word(w.Fell), word(w.Slope), word(w.Short > alarmShort), math.Max(w.Short, 0))
}

// What counts as a fall, a slope and a shortfall: rounding is far below, every slip here far above.
const (
	alarmFall  = 1e-9
	alarmSlope = 1e-4
	alarmShort = 1e-8
	alarmStep  = 1e-5 // of the numeric slope
)

// alarmState is q of the mixture with two means, its responsibilities one by one.
type alarmState struct{ phi, mean, variance []float64 } // φ_i1; the two means; their variances

// alarmLab is the mixture on which slips are tried.
type alarmLab struct{ model.GMM }

// WrongUpdates tries the right updates and seven wrong ones from the same starting means.
func WrongUpdates(m model.GMM, start []float64) []WrongUpdate {
	if len(start) != 2 || m.Filled().K != 2 {
		panic(fmt.Sprintf("figures: WrongUpdates: %d starting means for %d components, want 2 for 2", len(start), m.Filled().K))
	}
	lab := alarmLab{m.Filled()}
	s2, t2 := lab.Sigma*lab.Sigma, lab.Tau0*lab.Tau0
	rightC := func(x, mean, v float64) float64 { return (mean*x - (mean*mean+v)/2) / s2 }
	rightMu := func(n, sum float64) (mean, v float64) {
		v = 1 / (1/t2 + n/s2)
		return v * (lab.Mu0/t2 + sum/s2), v
	}
	slips := []struct {
		name string
		c    func(x, mean, v float64) float64
		mu   func(n, sum float64) (mean, v float64)
		hard bool
	}{
		{name: "none"},
		{name: "φ: s² dropped", c: func(x, mean, v float64) float64 { return (mean*x - mean*mean/2) / s2 }},
		{name: "φ: m² dropped", c: func(x, mean, v float64) float64 { return (mean*x - v/2) / s2 }},
		{name: "φ: ½ missing", c: func(x, mean, v float64) float64 { return (mean*x - (mean*mean + v)) / s2 }},
		{name: "φ: 0 or 1, no shares", hard: true},
		{name: "s²: sd for variance", mu: func(n, sum float64) (float64, float64) { mean, v := rightMu(n, sum); return mean, math.Sqrt(v) }},
		{name: "s²: prior missing", mu: func(n, sum float64) (float64, float64) { mean, _ := rightMu(n, sum); return mean, s2 / n }},
		{name: "m and s²: no prior", mu: func(n, sum float64) (float64, float64) { return sum / n, s2 / n }},
	}
	var out []WrongUpdate
	for _, slip := range slips {
		c, mu := rightC, rightMu
		if slip.c != nil {
			c = slip.c
		}
		if slip.mu != nil {
			mu = slip.mu
		}
		w := WrongUpdate{Slip: slip.name}
		q := alarmState{phi: make([]float64, len(m.X)), mean: start, variance: []float64{s2, s2}}
		for i := range q.phi {
			q.phi[i] = 0.5
		}
		for range 5 {
			next := lab.moveC(q, c, slip.hard)
			lab.listen(&w, q, next, lab.moveC(q, rightC, false), true)
			q = next
			next = lab.moveMu(q, mu)
			lab.listen(&w, q, next, lab.moveMu(q, rightMu), false)
			q = next
		}
		out = append(out, w)
	}
	return out
}

// moveC gives each datum its shares by their exponents.
func (lab alarmLab) moveC(q alarmState, exponent func(x, mean, v float64) float64, hard bool) alarmState {
	q.phi = make([]float64, len(lab.X))
	for i, x := range lab.X {
		q.phi[i] = 1 / (1 + math.Exp(exponent(x, q.mean[1], q.variance[1])-exponent(x, q.mean[0], q.variance[0])))
		if hard {
			q.phi[i] = math.Round(q.phi[i])
		}
	}
	return q
}

// moveMu gives each mean its mean and variance by what it holds.
func (lab alarmLab) moveMu(q alarmState, update func(n, sum float64) (mean, v float64)) alarmState {
	q.mean, q.variance = make([]float64, 2), make([]float64, 2)
	for k := range q.mean {
		var n, sum float64
		for i, x := range lab.X {
			n += q.share(i, k)
			sum += q.share(i, k) * x
		}
		q.mean[k], q.variance[k] = update(n, sum)
	}
	return q
}

func (q alarmState) share(i, k int) float64 {
	if k == 0 {
		return q.phi[i]
	}
	return 1 - q.phi[i]
}

// listen notes which alarms ring when a factor has moved from before to after, and should have moved to right. Where the
// factor is the best one, the ELBO is the logarithm of its normaliser and what the rest adds: the ELBO at right.
func (lab alarmLab) listen(w *WrongUpdate, before, after, right alarmState, movedC bool) {
	now := lab.elbo(after)
	w.Fell = w.Fell || now < lab.elbo(before)-alarmFall
	w.Short = math.Max(w.Short, lab.elbo(right)-now)
	slope := func(nudged func(by float64) alarmState) {
		d := (lab.elbo(nudged(alarmStep)) - lab.elbo(nudged(-alarmStep))) / (2 * alarmStep)
		w.Slope = w.Slope || math.Abs(d) > alarmSlope
	}
	if movedC {
		for i := range after.phi {
			slope(func(by float64) alarmState {
				q := after
				q.phi = append([]float64(nil), after.phi...)
				q.phi[i] = 1 / (1 + (1/q.phi[i]-1)*math.Exp(-by)) // along the log odds
				return q
			})
		}
		return
	}
	for k := range after.mean {
		slope(func(by float64) alarmState {
			q := after
			q.mean = append([]float64(nil), after.mean...)
			q.mean[k] += by
			return q
		})
		slope(func(by float64) alarmState {
			q := after
			q.variance = append([]float64(nil), after.variance...)
			q.variance[k] *= math.Exp(by)
			return q
		})
	}
}

// elbo is the ELBO of the mixture with φ one by one (Blei, Kucukelbir & McAuliffe (2017), eq. 21, with σ, μ₀ and all constants).
func (lab alarmLab) elbo(q alarmState) float64 {
	s2, t2 := lab.Sigma*lab.Sigma, lab.Tau0*lab.Tau0
	sum := -float64(len(lab.X)) * math.Ln2
	for k, m := range q.mean {
		v := q.variance[k]
		sum += -0.5*math.Log(2*math.Pi*t2) - ((m-lab.Mu0)*(m-lab.Mu0)+v)/(2*t2) + 0.5*math.Log(2*math.Pi*math.E*v)
		for i, x := range lab.X {
			if phi := q.share(i, k); phi > 0 {
				sum += phi * (-0.5*math.Log(2*math.Pi*s2) - ((x-m)*(x-m)+v)/(2*s2) - math.Log(phi))
			}
		}
	}
	return sum
}
