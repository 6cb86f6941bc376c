package kl

import (
	"math"
	"math/rand/v2"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"elboroom/fit"
)

// Moments are what a target looks like from afar, and how well that is known.
type Moments struct {
	Gaussian Gaussian      // the target's mean and covariance
	LogZ     float64       // ln ∫p in nats: 0 when p is normalised; NaN where it is not known (draws)
	Entropy  float64       // −E ln p + LogZ in nats; from draws, −E ln p alone
	MeanErr  []float64     // d: a standard error for draws, a bound for quadrature, 0 for a closed form
	CovErr   *mat.SymDense // d×d, likewise
	Draws    int           // 0 when no draw was made
	Reason   string        // one sentence when they could not be found, and then nothing else means anything
}

// forwardDraws is how many draws stand for p above two dimensions.
const forwardDraws = 100_000

// MomentsOf returns the moments of p: in closed form for a Gaussian, by quadrature in one and two dimensions,
// above from 100,000 draws seeded by s.Seed, for which p must be a Drawer. near only hints at where p lies
// and how wide (a Windower's own window does instead); p is searched for on all scales around it. A Mixture's
// bumps are known. Of another target in one dimension, a bump some 2,000 times narrower than one whose slopes hide it
// can escape, and one that the slopes of another near q0 hide altogether; in the plane, a few dozen times narrower.
func MomentsOf(p Target, near Gaussian, s fit.Settings) Moments {
	mustBeGiven("MomentsOf", p)
	nearF := near.factored("MomentsOf: near")
	d := near.Dim()
	if g, ok := p.(Gaussian); ok {
		if g.Dim() != d {
			panic("kl: MomentsOf: the target has " + strconv.Itoa(g.Dim()) + " dimensions and near " + strconv.Itoa(d) + ", want as many")
		}
		return Moments{Gaussian: FullRank.within(g), Entropy: g.Entropy(), MeanErr: make([]float64, d), CovErr: mat.NewSymDense(d, nil)}
	}
	if w, ok := p.(Windower); ok {
		const halfSds = 4
		lo, hi := w.Window()
		if len(lo) != d || len(hi) != d {
			panic("kl: MomentsOf: the target has " + strconv.Itoa(len(lo)) + " dimensions and near " + strconv.Itoa(d) + ", want as many")
		}
		mean, sd := make([]float64, d), make([]float64, d)
		for i := range d {
			mean[i], sd[i] = lo[i]+(hi[i]-lo[i])/2, (hi[i]-lo[i])/(2*halfSds)
		}
		nearF = NewGaussian(mean, sd).factored("MomentsOf: window")
	}
	switch {
	case d == 1:
		return lineMoments(frozen(p), nearF, bumpsOf(p))
	case d == 2:
		return planeMoments(frozen(p), nearF)
	}
	drawer, ok := p.(Drawer)
	if !ok {
		return Moments{Reason: "above two dimensions the moments of p need draws, and the target has no Draw method"}
	}
	return drawnMoments(frozen(p), drawer, d, s.Seed)
}

// lineMoments integrates 1, y, y² and ln p over a 1-D target, y = (x − centre)/scale. Where it is not known where the
// target's bumps are, it looks for hidden ones evenly.
func lineMoments(p Target, near factor, known []needle) Moments {
	w := window{axis{a: math.Inf(-1), b: math.Inf(1), centre: near.mean[0], scale: near.low[0]}}
	lnp := func(x float64) float64 { return p.LogProb([]float64{x}) }
	var nanAt float64
	job := lineJob{
		comps: 4,
		lift:  true,
		known: known,
		comb:  known == nil,
		log: func(x float64) (float64, bool) {
			v := lnp(x)
			if math.IsNaN(v) || math.IsInf(v, 1) {
				nanAt = x
				return v, true
			}
			return v + 2*math.Log1p(math.Abs(x-w.axis.centre)/w.axis.scale), false
		},
		eval: func(x, lnJac float64, out *comps) {
			v := lnp(x)
			if math.IsInf(v, -1) {
				return
			}
			y, m := (x-w.axis.centre)/w.axis.scale, math.Exp(v+lnJac)
			out[0], out[1], out[2], out[3] = m, m*y, m*y*y, m*v
		},
	}
	o, loc, broken := w.integrate(job)
	switch {
	case broken:
		return Moments{Reason: "LogProb is " + number(lnp(nanAt)) + " at " + place([]float64{nanAt})}
	case math.IsInf(loc.top, -1):
		return Moments{Reason: "LogProb is −Inf wherever it was looked at, around " + place(near.mean) + " on all scales"}
	case w.endless(loc):
		return Moments{Reason: "p has no finite variance, or no finite mass: its tails do not fall fast enough"}
	}
	z := o.val[0]
	mean, second := o.val[1]/z, o.val[2]/z
	scale := w.axis.scale
	relErr := o.err[0]/z + rounding(1, o.evals)
	m := Moments{
		LogZ:    loc.top + math.Log(z),
		MeanErr: []float64{scale * (o.err[1]/z + relErr*o.abs[1]/z)},
		CovErr:  mat.NewSymDense(1, []float64{scale * scale * (o.err[2]/z + relErr*second + 2*math.Abs(mean)*o.err[1]/z)}),
		Gaussian: Gaussian{
			Mean: []float64{w.axis.centre + scale*mean},
			Cov:  mat.NewSymDense(1, []float64{scale * scale * (second - mean*mean)}),
		},
	}
	m.Entropy = m.LogZ - o.val[3]/z
	if !(m.Gaussian.Cov.At(0, 0) > 0) {
		return Moments{Reason: "the variance of p is lost in rounding at " + place(m.Gaussian.Mean)}
	}
	return m
}

// drawnMoments averages seeded draws.
func drawnMoments(p Target, drawer Drawer, d int, seed uint64) Moments {
	const drawPCG = 0x6b6c2d6472617773 // second word of the generator: "kl-draws"
	rng := rand.New(rand.NewPCG(seed, drawPCG))
	n := float64(forwardDraws)
	xs := make([]float64, forwardDraws*d)
	mean := make([]float64, d)
	var lnp float64
	for k := range forwardDraws {
		x := xs[k*d : (k+1)*d]
		drawer.Draw(x, rng)
		v := p.LogProb(x)
		lnp += v / n
		for i, xi := range x {
			mean[i] += xi / n
			if math.IsNaN(xi) || math.IsInf(xi, 0) {
				return Moments{Reason: "Draw gave " + place(x)}
			}
		}
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return Moments{Reason: "LogProb is " + number(v) + " at a draw, " + place(x)}
		}
	}
	m := Moments{LogZ: math.NaN(), Entropy: -lnp, MeanErr: make([]float64, d), CovErr: mat.NewSymDense(d, nil), Draws: forwardDraws}
	cov := mat.NewSymDense(d, nil)
	for i := range d {
		for j := i; j < d; j++ {
			var sum, square float64
			for k := range forwardDraws {
				c := (xs[k*d+i] - mean[i]) * (xs[k*d+j] - mean[j])
				sum += c / n
				square += c * c / n
			}
			cov.SetSym(i, j, sum)
			m.CovErr.SetSym(i, j, math.Sqrt(max(0, square-sum*sum)/n))
		}
		m.MeanErr[i] = math.Sqrt(cov.At(i, i) / n)
	}
	m.Gaussian = Gaussian{Mean: mean, Cov: cov}
	return m
}
