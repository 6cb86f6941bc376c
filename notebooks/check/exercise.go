package check

import (
	"fmt"
	"math"
	"runtime/debug"
	"strings"
	"time"

	"elboroom/vizlib"
)

// exercise is a question with everything that is needed to judge an answer.
type exercise struct {
	id, title string
	instances []instance
	hints     []hint                             // the slips that instances compute, in the order in which they are suspected
	picture   func(got []float64) vizlib.Picture // of the first instance; nil where a picture says no more than the words
	limit     time.Duration                      // for all instances together; 0 means patience
}

// instance is one random case of an exercise.
type instance struct {
	given string                      // the numbers, in words
	parts []string                    // the names of the numbers asked for
	ask   func() ([]float64, error)   // the student's answer; an error says what is wrong with its shape
	want  []float64                   // the right answer
	tol   float64                     // relative to 1 + |want|; 0 means closeEnough
	laws  []law                       // what holds for every right answer, the most telling first
	slips map[string][]float64        // what known slips lead to, by the name of their hint
	alarm func(got []float64) *Alarms // for the updates of coordinate ascent
}

// law is a property of a right answer. It returns "" where it holds, else a sentence with the numbers.
type law struct {
	name  string
	fails func(got []float64) string
}

// hint says in one sentence what a slip is, and where to look.
type hint struct{ slip, text string }

const (
	closeEnough = 1e-6            // relative difference at which two answers are the same
	patience    = 5 * time.Second // that a student's function may take for all instances together
)

// answer asks the student's function on every instance. It returns one answer an instance, or a sentence on
// what went wrong in which instance.
func (e exercise) answer() (got [][]float64, where int, trouble string) {
	type reply struct {
		got     [][]float64
		where   int
		trouble string
	}
	done := make(chan reply, 1)
	go func() {
		r := reply{}
		defer func() {
			if p := recover(); p != nil {
				r.trouble = fmt.Sprintf("your function panicked: %v%s", p, lineOf(string(debug.Stack())))
			}
			done <- r
		}()
		for i, in := range e.instances {
			r.where = i
			v, err := in.ask()
			if err != nil {
				r.trouble = err.Error()
				return
			}
			r.got = append(r.got, v)
		}
	}()
	limit := e.limit
	if limit == 0 {
		limit = patience
	}
	select {
	case r := <-done:
		return r.got, r.where, r.trouble
	case <-time.After(limit):
		return nil, 0, fmt.Sprintf("your function had not ended after %v: is there a loop that never ends?", limit)
	}
}

// lineOf finds the student's line in the stack of a panic: the first frame of package main.
func lineOf(stack string) string {
	lines := strings.Split(stack, "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, "main.") && i+1 < len(lines) {
			name, _, _ := strings.Cut(l, "(")
			return ", in " + strings.TrimPrefix(name, "main.")
		}
	}
	return ""
}

// judge asks and decides: shape and finiteness first, then the laws, then the right numbers.
func (e exercise) judge() Verdict {
	v := Verdict{Exercise: e.id, Title: e.title, Cases: len(e.instances)}
	got, where, trouble := e.answer()
	if trouble != "" {
		v.Property, v.Message = "it runs and returns an answer", trouble
		if slip, found := e.suspect(got); found && len(got) > 0 {
			v.Slip, v.Hint = slip.slip, slip.text
		} else if len(e.instances) > where {
			v.Given = e.instances[where].given
		}
		return v
	}
	for i, in := range e.instances {
		name, message := in.first(got[i])
		if name == "" {
			continue
		}
		v.Property, v.Message, v.Given = name, message, in.given
		if slip, found := e.suspect(got); found {
			v.Slip, v.Hint = slip.slip, slip.text
		} else if word := e.pattern(got); word != "" {
			v.Slip, v.Hint = "a wrong scale or a missing constant", word
		}
		if in.alarm != nil && allFinite(got[i]) && len(got[i]) == len(in.want) {
			v.Alarms = in.alarm(got[i])
		}
		if e.picture != nil && len(got[0]) == len(e.instances[0].want) && allFinite(got[0]) {
			v.picture = e.picture(got[0])
		}
		return v
	}
	v.Passed = true
	return v
}

// first is the first property of a right answer that got lacks, with its numbers; "" where it lacks none.
func (in instance) first(got []float64) (name, message string) {
	if len(got) != len(in.want) {
		return "the right number of numbers", fmt.Sprintf("your function returned %d numbers where %d were asked for", len(got), len(in.want))
	}
	for j, g := range got {
		if math.IsNaN(g) {
			return "no NaN", in.part(j) + " is NaN"
		}
		if math.IsInf(g, 0) && g != in.want[j] {
			return "finite where the answer is finite", fmt.Sprintf("%s is %v", in.part(j), g)
		}
	}
	if in.agrees(got, in.want) {
		return "", ""
	}
	for _, l := range in.laws {
		if message := l.fails(got); message != "" {
			return l.name, message
		}
	}
	for j := range got {
		if !same(got[j], in.want[j], in.tolerance()) {
			return "the right numbers", fmt.Sprintf("%s is %s where %s is right", in.part(j), number(got[j]), number(in.want[j]))
		}
	}
	return "", ""
}

func (in instance) part(j int) string {
	if j < len(in.parts) {
		return "your " + in.parts[j]
	}
	if len(in.want) == 1 {
		return "your answer"
	}
	return fmt.Sprintf("number %d of your answer", j+1)
}

func (in instance) tolerance() float64 {
	if in.tol > 0 {
		return in.tol
	}
	return closeEnough
}

func (in instance) agrees(got, with []float64) bool {
	if len(got) != len(with) {
		return false
	}
	for j := range got {
		if !same(got[j], with[j], in.tolerance()) {
			return false
		}
	}
	return true
}
