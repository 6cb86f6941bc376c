// Package fit is the history of an iterative fit: the steps it took, and why it ended.
//
// Every solver of elboroom returns a Trace. A Trace holds plain values that share no memory with the
// solver, so a picture, a table or a test can look at any step at leisure, in any order.
package fit

import (
	"math"
	"runtime"
)

// Status says why a fit ended.
type Status int

const (
	// Converged means that the last sweep gained less than Settings.Tol. It does not mean that the
	// optimum was reached: near a saddle or on a plateau the gains are small as well.
	Converged Status = iota
	// OutOfSweeps means that Settings.Sweeps were done and the last still gained more than Tol.
	OutOfSweeps
	// Broken means that NaN or ±Inf appeared. The last step kept is the one before.
	Broken
)

// String returns the status in words.
func (s Status) String() string {
	switch s {
	case Converged:
		return "converged"
	case OutOfSweeps:
		return "out of sweeps"
	case Broken:
		return "broken"
	}
	return "unknown status"
}

// Step is one state of a fit.
type Step[Q any] struct {
	Sweep  int     // full passes begun; 0 is the start
	Update string  // the factor that moved, such as "q(μ)"; "" at the start or when a step is a whole sweep
	Value  float64 // the objective in nats, higher is better; Trace.Objective says which
	Q      Q       // shares no memory that later changes
}

// Trace is the history of a fit, the start first.
type Trace[Q any] struct {
	Objective string // what Value is: "ELBO", "log likelihood", "−KL(p‖q)"
	Steps     []Step[Q]
	Status    Status
	Reason    string // one sentence when Status is Broken, else ""
}

// Last returns the last step kept. It panics on a trace without steps.
func (t Trace[Q]) Last() Step[Q] {
	if len(t.Steps) == 0 {
		panic("fit: Last: the trace has no steps")
	}
	return t.Steps[len(t.Steps)-1]
}

// Values returns the objective at every step, in nats, the start first.
func (t Trace[Q]) Values() []float64 {
	v := make([]float64, len(t.Steps))
	for i, s := range t.Steps {
		v[i] = s.Value
	}
	return v
}

// Keep says which steps a Trace holds.
type Keep int

const (
	EveryUpdate Keep = iota // each half-step, for movies
	EverySweep              // the start and one step a sweep
	LastOnly                // only the last step, for large data
)

// Settings steer an iterative fit. The zero value works.
type Settings struct {
	Seed    uint64  // of the starting point and of any draw
	Tol     float64 // stop when a sweep gains less, in nats; 0 means 1e-8, negative never stops early
	Sweeps  int     // at most; 0 means 500
	Keep    Keep    // which steps the trace holds
	Workers int     // 0 means all cores; the result does not depend on it, bit for bit
}

// The defaults that zero values stand for.
const (
	DefaultTol    = 1e-8
	DefaultSweeps = 500
)

// Filled returns s with its zero values replaced by the defaults. It panics where a field has no meaning.
func (s Settings) Filled() Settings {
	switch {
	case math.IsNaN(s.Tol):
		panic("fit: Settings: Tol is NaN, want a number of nats")
	case s.Sweeps < 0:
		panic("fit: Settings: Sweeps is negative, want 0 (for the default) or more")
	case s.Workers < 0:
		panic("fit: Settings: Workers is negative, want 0 (for all cores) or more")
	case s.Keep < EveryUpdate || s.Keep > LastOnly:
		panic("fit: Settings: Keep is none of EveryUpdate, EverySweep, LastOnly")
	}
	if s.Tol == 0 {
		s.Tol = DefaultTol
	}
	if s.Sweeps == 0 {
		s.Sweeps = DefaultSweeps
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	return s
}
