package check

import (
	"fmt"
	"math"
)

// suspect finds the slip that gives the student's numbers in every instance that was answered, and differs from
// the right answer in one at least. An instance in which the slip was not computed is one in which it does no harm.
func (e exercise) suspect(got [][]float64) (hint, bool) {
	for _, h := range e.hints {
		fits, shows := true, false
		for i, g := range got {
			in := e.instances[i]
			wrong, known := in.slips[h.slip]
			if !known {
				wrong = in.want
			}
			if !allFinite(g) && allFinite(wrong) && len(g) == len(wrong) {
				continue // two slips at once: an overflow hides the other one here, not elsewhere
			}
			fits = fits && in.agrees(g, wrong)
			shows = shows || !in.agrees(wrong, in.want)
		}
		if fits && shows {
			return h, true
		}
	}
	return hint{}, false
}

// pattern finds one factor, or one constant, between the answers and the right ones, the same everywhere.
func (e exercise) pattern(got [][]float64) string {
	factor, shift := math.NaN(), math.NaN()
	oneFactor, oneShift, count := true, true, 0
	for i, g := range got {
		if len(g) != len(e.instances[i].want) || !allFinite(g) {
			return ""
		}
		for j, w := range e.instances[i].want {
			if w == 0 || math.IsInf(w, 0) {
				return ""
			}
			if count == 0 {
				factor, shift = g[j]/w, g[j]-w
			}
			oneFactor = oneFactor && same(g[j]/w, factor, closeEnough)
			oneShift = oneShift && same(g[j]-w, shift, closeEnough)
			count++
		}
	}
	switch {
	case count < 3 || factor == 0: // an answer of zeros has no scale
		return ""
	case oneFactor:
		return fmt.Sprintf("all your numbers are %s times the right ones: only the scale is wrong", number(factor))
	case oneShift:
		return fmt.Sprintf("all your numbers are off by %s: a constant is missing, perhaps a normaliser", number(shift))
	}
	return ""
}
