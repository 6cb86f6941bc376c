// Command kl-directions fits one Gaussian to a target in both directions of the KL divergence and saves the
// pictures of the lesson on it.
//
//	go run ./demos/kl-directions
//	go run ./demos/kl-directions -weight 0.7
//	go run ./demos/kl-directions -data testdata/faithful.csv -column waiting
//
// Without a file the target is two bumps that move apart, and the main picture a movie over their distance. With a
// file the target is a kernel density estimate of a column: a Gaussian of sd -bandwidth on every number.
package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"elboroom/demos/data"
	"elboroom/demos/figures"
	"elboroom/fit"
	"elboroom/kl"
)

func main() { data.Main(run) }

// options are the flags of this demo.
type options struct {
	common         *data.Flags
	weight         float64
	from, to, step float64
	bandwidth      float64
}

func run(args []string, out io.Writer) error {
	set := flag.NewFlagSet("kl-directions", flag.ContinueOnError)
	o := options{common: data.Register(set)}
	set.Float64Var(&o.weight, "weight", 0.5, "weight of the right bump, in (0, 1)")
	set.Float64Var(&o.from, "from", 0.3, "first distance a; the bumps stand at ±a")
	set.Float64Var(&o.to, "to", 4.6, "last distance a")
	set.Float64Var(&o.step, "step", 0.1, "from one distance to the next")
	set.Float64Var(&o.bandwidth, "bandwidth", 0, "sd of the kernel on each datum, in the units of the data (default: Silverman's rule)")
	if err := data.Parse(set, args, out); err != nil {
		return err
	}
	given := map[string]bool{}
	set.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if err := o.check(given); err != nil {
		return err
	}
	if o.common.File != "" {
		return o.fitFile(out)
	}
	return o.moveBumps(out)
}

// check says what is wrong with the flags in the words of the command.
func (o options) check(given map[string]bool) error {
	const most = 400 // frames
	finite := func(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
	switch {
	case o.common.File == "" && given["column"]:
		return fmt.Errorf("-column %s needs a file to read it from: add -data file.csv", o.common.Column)
	case o.common.File == "" && given["bandwidth"]:
		return fmt.Errorf("-bandwidth %v needs data: add -data file.csv", o.bandwidth)
	case !(o.weight > 0 && o.weight < 1):
		return fmt.Errorf("-weight %v: want a number between 0 and 1", o.weight)
	case !(o.from > 0) || !finite(o.to) || !(o.to > o.from):
		return fmt.Errorf("-from %v -to %v: want 0 < from < to", o.from, o.to)
	case !(o.step > 0) || o.step > o.to-o.from || (o.to-o.from)/o.step > most:
		return fmt.Errorf("-step %v: want more than 0 and at most %.4g, in at most %d steps from %v to %v", o.step, o.to-o.from, most, o.from, o.to)
	case given["bandwidth"] && (!(o.bandwidth > 0) || !finite(o.bandwidth)):
		return fmt.Errorf("-bandwidth %v: want a positive finite number", o.bandwidth)
	}
	_, err := o.common.Width()
	return err
}

// moveBumps saves the movie over the distance of two bumps, its strip, and the lesson's other pictures.
func (o options) moveBumps(out io.Writer) error {
	d := figures.SweepDirections(o.weight, o.from, o.to, o.step)
	fmt.Fprintf(out, "two bumps of weight %.4g and %.4g at ±a, a from %.4g to %.4g\n", 1-o.weight, o.weight, o.from, o.to)
	say := func(a float64, what string) {
		if !math.IsNaN(a) {
			fmt.Fprintf(out, "from a = %.4f %s\n", a, what)
		}
	}
	say(d.Born, "q on one bump is a local optimum of KL(q‖p)")
	say(d.Switch, "it is the best")
	if err := o.common.SaveAll(out, "kl-directions", figures.DirectionMovie(d)); err != nil {
		return err
	}
	return o.common.SaveAll(out, "kl-directions-strip", figures.DirectionStrip(d, d.Landmarks()...))
}

// fitFile saves both fits to the density estimate of a column.
func (o options) fitFile(out io.Writer) error {
	x, err := data.ReadColumn(o.common.File, o.common.Column)
	if err != nil {
		return err
	}
	if o.bandwidth == 0 {
		if o.bandwidth = silverman(x); o.bandwidth == 0 {
			return fmt.Errorf("%d data with sd 0 give no bandwidth: set -bandwidth", len(x))
		}
	}
	p := kl.Mixture{Mean: x, Sd: make([]float64, len(x))}
	for i := range p.Sd {
		p.Sd[i] = o.bandwidth
	}
	forward := kl.Forward(p, p.Moments(), kl.FullRank, fit.Settings{})
	fmt.Fprintf(out, "%d data with sd %.4g, kernel sd %.4g\n", len(x), data.SD(x), o.bandwidth)
	fmt.Fprintf(out, "forward KL(p‖q) %.4f nats at N(%.4g, %.4g²)\n", -forward.Last().Value, forward.Last().Q.Mean[0], forward.Last().Q.Sd(0))
	optima := kl.ReverseOptima(p, nil, kl.FullRank, fit.Settings{})
	if len(optima) == 0 {
		return fmt.Errorf("no fit of KL(q‖p) to %d data converged: set a larger -bandwidth", len(x))
	}
	for _, s := range optima {
		fmt.Fprintf(out, "reverse KL(q‖p) %.4f nats at N(%.4g, %.4g²)\n", -s.Value, s.Q.Mean[0], s.Q.Sd(0))
	}
	reverse := fit.Trace[kl.Gaussian]{Objective: "ELBO", Steps: optima[:1]}
	return o.common.SaveAll(out, "kl-directions", figures.DirectionStill(p, forward, reverse))
}

// silverman is the rule of thumb for the bandwidth of a Gaussian kernel, 0.9 min(sd, IQR/1.34) n^(−1/5); without
// the quartiles where they coincide.
//
// Source: Silverman, Density Estimation (1986), eq. 3.31.
func silverman(x []float64) float64 {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	spread := data.SD(x)
	iqr := stat.Quantile(0.75, stat.Empirical, sorted, nil) - stat.Quantile(0.25, stat.Empirical, sorted, nil)
	if iqr > 0 {
		spread = math.Min(spread, iqr/1.34)
	}
	return 0.9 * spread * math.Pow(float64(len(x)), -0.2)
}
