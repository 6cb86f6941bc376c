package check

import (
	"fmt"
	"math"
)

// Alarms are three ways to notice a wrong update of coordinate ascent. None hears everything: an update that
// forgets a variance can still climb, and one that is right may be compared with a wrong closed form.
type Alarms struct {
	Fell   bool `json:"elboFell"`      // the ELBO is lower after the update than before
	Slope  bool `json:"notStationary"` // the ELBO still climbs when the moved factor is moved a little
	Closed bool `json:"closedForm"`    // the factor is not the normalised exp E ln p that the theory gives

	short float64 // nats by which the ELBO after the update is below that of the closed form
}

// String names the three with what each does.
func (a Alarms) String() string {
	word := func(rings bool) string {
		if rings {
			return "rings"
		}
		return "silent"
	}
	return fmt.Sprintf("ELBO fell: %s · not stationary: %s · closed form: %s", word(a.Fell), word(a.Slope), word(a.Closed))
}

const (
	probe = 1e-4 // the step of the numeric gradient, in coordinates of which a unit is a natural one
	level = 1e-5 // of a gradient that counts as 0, relative to 1 + |ELBO|
)

// sound listens to an update that moved a factor from before to got. elbo takes the moved factor, in coordinates
// free of constraints in which a unit is a natural step (a mean in sds, a logarithm of a scale, a log odds).
func sound(elbo func(free []float64) float64, before, got, want []float64) *Alarms {
	start, after := elbo(before), elbo(got)
	a := &Alarms{Fell: !(after >= start-1e-9*(1+math.Abs(start))), short: elbo(want) - after}
	for j := range got {
		up, down := append([]float64(nil), got...), append([]float64(nil), got...)
		up[j] += probe
		down[j] -= probe
		slope := (elbo(up) - elbo(down)) / (2 * probe)
		a.Slope = a.Slope || !(math.Abs(slope) <= level*(1+math.Abs(after)))
		a.Closed = a.Closed || !same(got[j], want[j], closeEnough)
	}
	return a
}

// stationary is the law that an update ends where the ELBO is level, in the factor's own numbers.
func (in instance) stationary(what string) law {
	return law{"stationary: no small move of the factor raises the ELBO", func(got []float64) string {
		if a := in.alarm(got); a == nil || !a.Slope {
			return ""
		}
		return "the ELBO still rises when " + what + " is moved a little from where your update puts it"
	}}
}

// climbs is the law that an update never lowers the ELBO.
func (in instance) climbs() law {
	return law{"the ELBO never falls", func(got []float64) string {
		if a := in.alarm(got); a == nil || !a.Fell {
			return ""
		}
		return "the ELBO is lower after your update than before it"
	}}
}
