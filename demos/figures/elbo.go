package figures

import (
	"fmt"
	"math"
	"time"

	"elboroom/cavi"
	"elboroom/fit"
	"elboroom/vizlib"
)

// ElboFill is the movie of ln p(x) = ELBO + KL as bars that coordinate ascent fills, one for each fit, a frame a half-step.
//
// The top of each bar is the log evidence, the same for all and never moving; green is the ELBO, purple what is left,
// KL(q‖p). The log evidence is mostly far below 0, so the bars begin at the lowest ELBO after a first sweep, and say so.
func ElboFill(logEvidence float64, runs ...fit.Trace[cavi.GMMFactors]) vizlib.Movie {
	if len(runs) == 0 {
		panic("figures: ElboFill: there are no fits, want at least 1")
	}
	s := &filling{ln: logEvidence, runs: runs, low: logEvidence}
	for _, r := range runs {
		if len(r.Steps) == 0 {
			panic("figures: ElboFill: a trace has no steps, want at least its start")
		}
		s.frames = max(s.frames, shownElbo(r))
		for _, st := range r.Steps {
			if st.Sweep == 1 {
				s.low = min(s.low, st.Value)
				break
			}
		}
	}
	return vizlib.Movie{Len: s.frames, Frame: s.frame, Hold: func(i int) time.Duration {
		switch {
		case i == s.frames-1:
			return 3 * time.Second
		case i < 6:
			return 1200 * time.Millisecond
		}
		return 500 * time.Millisecond
	}}
}

// shownElbo is how many steps are worth a frame: up to the last that gained anything one can see in the numbers.
func shownElbo(r fit.Trace[cavi.GMMFactors]) int {
	const visible = 0.005 // nats
	n := 1
	for i := 1; i < len(r.Steps); i++ {
		if r.Steps[i].Value-r.Steps[i-1].Value >= visible {
			n = i + 1
		}
	}
	return n
}

// filling is what all frames of ElboFill share.
type filling struct {
	ln, low float64
	runs    []fit.Trace[cavi.GMMFactors]
	frames  int
}

func (s *filling) step(run, i int) fit.Step[cavi.GMMFactors] {
	steps := s.runs[run].Steps
	return steps[min(i, len(steps)-1)]
}

func (s *filling) frame(i int) vizlib.Picture {
	const half, head, wide = 0.25, 0.14, 1.35
	depth := max(s.ln-s.low, 1e-9)
	floor := s.low - 0.04*depth
	n := float64(len(s.runs))
	f := vizlib.Figure{Y: "nats", View: vizlib.View{
		X: vizlib.Interval{Min: 0.4, Max: n + wide}, Y: vizlib.Interval{Min: floor, Max: s.ln + head*depth}, Legend: vizlib.NoLegend,
	}}
	for r := range s.runs {
		st := s.step(r, i)
		x, now := float64(r+1), min(max(st.Value, floor), s.ln)
		key := func(what string) string { return fmt.Sprintf("%s/%d", what, r) }
		block := func(from, to float64, name string, style vizlib.Style) {
			f.Marks = append(f.Marks, vizlib.Blocks{At: []vizlib.Box{{Min: vizlib.Point{X: x - half, Y: from}, Max: vizlib.Point{X: x + half, Y: to}}},
				Name: name, Unit: "nats", Key: key(name), Style: style})
		}
		block(now, s.ln, "KL(q‖p)", vizlib.Style{Ink: vizlib.Gap, Fill: .35, Hatch: true})
		block(floor, now, "ELBO", vizlib.Style{Ink: vizlib.Bound, Fill: .85})
		say := func(text string, dx, y, alignX, alignY float64, ink vizlib.Ink, what string) {
			f.Marks = append(f.Marks, vizlib.Text{Text: text, At: vizlib.Point{X: x + dx, Y: y}, AlignX: alignX, AlignY: alignY, Bold: true, Size: 15,
				Key: key(what), Style: vizlib.Style{Ink: ink}})
		}
		say("KL "+fixed(s.ln-st.Value, 2), 0, s.ln+.02*depth, 0, 1, vizlib.Gap, "kl")
		if st.Value < floor {
			say("ELBO ▼ "+signed(st.Value, 1), 0, floor+.02*depth, 0, 1, vizlib.Black, "elbo")
		} else {
			side := max(-1, -4*(s.ln-now)/depth-.6) // below the evidence line, and above the axis
			if now-floor < .1*depth {
				side = 1
			}
			say(signed(st.Value, 2), half+.03, now, 1, side, vizlib.Bound, "value")
			if now-floor > .1*depth {
				say("ELBO", 0, floor+.03*depth, 0, 1, vizlib.Black, "elbo")
			}
		}
		f.View.XTicks = append(f.View.XTicks, vizlib.Tick{At: x, Label: "from m = " + startOf(s.runs[r])})
	}
	f.Marks = append(f.Marks,
		vizlib.Rule{At: s.ln, Name: "log evidence", Unit: "nats", Key: "evidence", Style: vizlib.Style{Ink: vizlib.Exact, Width: 3.5}},
		vizlib.Text{Text: "log evidence " + signed(s.ln, 2), At: vizlib.Point{X: n + wide, Y: s.ln + .02*depth}, AlignX: -1, AlignY: 1, Bold: true})
	best := math.Inf(1)
	for r := range s.runs {
		best = min(best, s.ln-s.step(r, i).Value)
	}
	return vizlib.Grid{
		Title:   "log evidence = ELBO + KL: what one gains the other loses",
		Caption: s.caption(i),
		Numbers: fmt.Sprintf("least KL so far %s nats", fixed(best, 2)),
		Cells:   []vizlib.Cell{{At: vizlib.Rect{.09, .10, .88, .73}, Figure: f}},
	}
}

func (s *filling) caption(i int) string {
	st := s.step(0, i)
	for r := range s.runs {
		if c := s.step(r, i); c.Sweep > st.Sweep {
			st = c
		}
	}
	switch {
	case i == 0:
		return fmt.Sprintf("the start; the bars begin at %s nats, not at 0", signed(s.low, 1))
	case st.Update == "":
		return fmt.Sprintf("sweep %d", st.Sweep)
	}
	return fmt.Sprintf("sweep %d · %s moved", st.Sweep, st.Update)
}

// startOf are the starting means of a fit.
func startOf(r fit.Trace[cavi.GMMFactors]) string {
	text := "("
	for k, m := range r.Steps[0].Q.Mean {
		if k > 0 {
			text += ", "
		}
		text += signed(m, decimals(m))
	}
	return text + ")"
}

// fixed writes v with so many decimals; what rounds to −0 is 0.
func fixed(v float64, digits int) string {
	scale := math.Pow10(digits)
	return signed(math.Round(v*scale)/scale+0, digits)
}
