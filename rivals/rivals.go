// Package rivals has what variational inference is compared with: expectation maximisation, which gives a point,
// and Markov chains, which give draws from the posterior itself, in the limit of many.
//
// EM returns a fit.Trace whose objective is a log likelihood or a log joint density in nats. A sampler returns
// Chains; Diagnose says whether they may be trusted. All randomness comes from seeds, each chain has its own
// stream, and the result does not depend on how many chains run at once.
package rivals

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// Sampling steers a sampler. The zero value works, except that Metropolis needs Init.
type Sampling struct {
	Seed    uint64
	Chains  int         // 0 means 4
	Draws   int         // kept, a chain; 0 means 1000
	Burn    int         // sweeps before the first kept draw; 0 keeps all but the start itself
	Thin    int         // keep every Thin-th draw; 0 means 1, which keeps all: thinning saves memory, not time
	Init    [][]float64 // starting points, one a chain; nil lets the sampler draw them
	Workers int         // chains that run at once; 0 means all cores
}

// The defaults that zero values stand for.
const (
	DefaultChains = 4
	DefaultDraws  = 1000
)

// Chains are draws from a distribution of d numbers.
type Chains struct {
	Draws       [][][]float64 // chain × draw × d
	Accepted    []float64     // the share of proposals taken, one a chain; 1 for Gibbs
	Evaluations int           // passes over the data, or log densities, in all chains, the burn-in included
	Warning     string        // one sentence where the chains are visibly not to be trusted, else ""
}

// Values returns coordinate i, 0 … d−1, as chain × draw, for Diagnose and for pictures.
func (c Chains) Values(i int) [][]float64 {
	if len(c.Draws) > 0 && len(c.Draws[0]) > 0 && (i < 0 || i >= len(c.Draws[0][0])) {
		panic(fmt.Sprintf("rivals: Chains: there is no coordinate %d of %d, counted from 0", i, len(c.Draws[0][0])))
	}
	out := make([][]float64, len(c.Draws))
	for k, chain := range c.Draws {
		out[k] = make([]float64, len(chain))
		for j, draw := range chain {
			out[k][j] = draw[i]
		}
	}
	return out
}

// Pooled returns coordinate i of all chains, one after the other.
func (c Chains) Pooled(i int) []float64 {
	var out []float64
	for _, chain := range c.Values(i) {
		out = append(out, chain...)
	}
	return out
}

// filled replaces zero values by the defaults and panics on what has no meaning for d coordinates.
func (s Sampling) filled(who string, d int) Sampling {
	if s.Chains < 0 || s.Draws < 0 || s.Burn < 0 || s.Thin < 0 || s.Workers < 0 {
		panic(fmt.Sprintf("rivals: %s: a field of Sampling is negative, want 0 (for its default) or more", who))
	}
	if s.Chains == 0 {
		s.Chains = DefaultChains
		if s.Init != nil {
			s.Chains = len(s.Init)
		}
	}
	if s.Draws == 0 {
		s.Draws = DefaultDraws
	}
	if s.Thin == 0 {
		s.Thin = 1
	}
	if s.Workers == 0 {
		s.Workers = runtime.GOMAXPROCS(0)
	}
	if s.Init != nil && len(s.Init) != s.Chains {
		panic(fmt.Sprintf("rivals: %s: Init has %d points, want one for each of %d chains", who, len(s.Init), s.Chains))
	}
	for i, p := range s.Init {
		if len(p) != d {
			panic(fmt.Sprintf("rivals: %s: Init[%d] has %d numbers, want %d", who, i, len(p), d))
		}
		for _, v := range p {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				panic(fmt.Sprintf("rivals: %s: Init[%d] holds %v, want finite numbers", who, i, v))
			}
		}
	}
	return s
}

// walker is one chain: it changes its state by one sweep and says what share of its proposals it took.
type walker func(state []float64, rng *rand.Rand) (accepted float64)

// run lets the chains walk. start makes a chain's first state where Init does not say. It panics where a chain comes to
// numbers that are not finite.
func (s Sampling) run(who string, start func(rng *rand.Rand) []float64, walk func(chain int) walker) Chains {
	out := Chains{Draws: make([][][]float64, s.Chains), Accepted: make([]float64, s.Chains)}
	lost := make([]string, s.Chains) // how a chain came to numbers that are none
	var next atomic.Int64
	work := func() {
		for i := int(next.Add(1)) - 1; i < s.Chains; i = int(next.Add(1)) - 1 {
			rng := rand.New(rand.NewPCG(s.Seed, uint64(i)))
			var state []float64
			if s.Init != nil {
				state = append(state, s.Init[i]...)
			} else {
				state = start(rng)
			}
			step := walk(i)
			for n := 0; n < s.Burn && lost[i] == ""; n++ {
				step(state, rng)
				lost[i] = notFinite(state, i, n+1)
			}
			draws := make([][]float64, s.Draws)
			var accepted float64
			for n := 0; n < s.Draws*s.Thin && lost[i] == ""; n++ {
				accepted += step(state, rng)
				lost[i] = notFinite(state, i, s.Burn+n+1)
				if (n+1)%s.Thin == 0 {
					draws[n/s.Thin] = append([]float64(nil), state...)
				}
			}
			out.Draws[i], out.Accepted[i] = draws, accepted/float64(s.Draws*s.Thin)
		}
	}
	var wg sync.WaitGroup
	for range min(s.Workers, s.Chains) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	for _, sentence := range lost {
		if sentence != "" {
			panic("rivals: " + who + ": " + sentence)
		}
	}
	out.Evaluations = s.Chains * (s.Burn + s.Draws*s.Thin)
	for i, a := range out.Accepted {
		if a == 0 && out.Warning == "" {
			out.Warning = fmt.Sprintf("chain %d never took a proposal: its step is too long, or it started where the density is 0", i)
		}
	}
	return out
}

// notFinite says so if a state holds NaN or ±Inf.
func notFinite(state []float64, chain, sweep int) string {
	for _, v := range state {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Sprintf("chain %d is at %v after sweep %d: the numbers are too large or too small for these units", chain, state, sweep)
		}
	}
	return ""
}
