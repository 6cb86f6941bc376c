package vae

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distmv"

	"elboroom/fit"
)

// A linear autoencoder with Gaussian noise is probabilistic principal component analysis: x ~ N(m, W Wᵀ + σ² I), its
// maximum likelihood W = U (Λ − σ² I)^½, and p(z|x) = N(M⁻¹ Wᵀ(x − m), σ² M⁻¹) with M = WᵀW + σ² I (Tipping and Bishop
// 1999, eqs. 6, 7 and 15). M is diagonal, so the encoder can be exact and the best ELBO is the log likelihood.

const pcaSigma = 0.5

// pca returns data, their likelihood under pPCA, and the autoencoder that it is.
func pca() (x *mat.Dense, logLik []float64, w Weights) {
	const n, d, l = 300, 5, 2
	rng := seeded(11)
	var noise mat.Dense
	x = mat.NewDense(n, d, nil)
	x.Mul(normals(n, l, rng), mat.NewDense(l, d, []float64{1.5, -1, 0.5, 0, 2, 0.3, 1, 1, -0.8, 0.2}))
	noise.Scale(pcaSigma, normals(n, d, rng))
	x.Add(x, &noise)
	mean := make([]float64, d)
	for j := range mean {
		mean[j] = 1 + stat.Mean(mat.Col(nil, j, x), nil)
	}
	for i := range n {
		for j := range d {
			x.Set(i, j, x.At(i, j)+1)
		}
	}
	cov := mat.NewSymDense(d, nil)
	for i := range n {
		r := mat.NewVecDense(d, nil)
		for j := range d {
			r.SetVec(j, x.At(i, j)-mean[j])
		}
		cov.SymRankOne(cov, 1.0/n, r)
	}
	var eig mat.EigenSym
	eig.Factorize(cov, true)
	values := eig.Values(nil)
	var u mat.Dense
	eig.VectorsTo(&u)

	w = Model{X: x, Latent: l, Hidden: []int{}, Likelihood: Gaussian, Sigma: pcaSigma}.filled().start(rng)
	enc, encB := w.Encoder.layer(w.Encoder.Theta, 0)
	dec, decB := w.Decoder.layer(w.Decoder.Theta, 0)
	copy(decB, mean)
	enc.Zero()
	sigma := mat.NewSymDense(d, nil)
	for j := range d {
		sigma.SetSym(j, j, pcaSigma*pcaSigma)
	}
	for k := range l {
		at := d - 1 - k // eigenvalues ascend
		scale := math.Sqrt(values[at] - pcaSigma*pcaSigma)
		col := mat.NewVecDense(d, nil)
		encB[k] = 0
		for j := range d {
			v := scale * u.At(j, at)
			col.SetVec(j, v)
			dec.Set(k, j, v)
			enc.Set(j, k, v/values[at]) // M_kk = λ_k
			encB[k] -= mean[j] * v / values[at]
		}
		encB[l+k] = math.Log(pcaSigma * pcaSigma / values[at])
		sigma.SymRankOne(sigma, 1, col)
	}
	truth, _ := distmv.NewNormal(mean, sigma, nil)
	for i := range n {
		logLik = append(logLik, truth.LogProb(x.RawRowView(i)))
	}
	return x, logLik, w
}

func TestLinearAutoencoderIsPCA(t *testing.T) {
	x, logLik, w := pca()
	for i, want := range logLik {
		// With the exact posterior every importance weight is p(x).
		if got := w.ImportanceWeighted(x.RawRowView(i), 1, seeded(uint64(i))); math.Abs(got-want) > 1e-9*math.Abs(want) {
			t.Fatalf("datum %d: one importance weight %v, log likelihood %v", i, got, want)
		}
	}
	for i := range 5 {
		got, want := w.ELBO(x.RawRowView(i), 40000, seeded(5)).ELBO(), logLik[i]
		if math.Abs(got-want) > 0.03 {
			t.Errorf("datum %d: ELBO %v, log likelihood %v", i, got, want)
		}
	}
}

func TestTrainingFindsPCA(t *testing.T) {
	x, logLik, _ := pca()
	m := Model{X: x, Hidden: []int{}, Likelihood: Gaussian, Sigma: pcaSigma, Batch: 50, Rate: 0.01}
	w := Fit(m, fit.Settings{Sweeps: 1000, Seed: 2, Keep: fit.LastOnly}).Last().Q
	var elbo float64
	for i := range logLik {
		elbo += w.ELBO(x.RawRowView(i), 300, seeded(uint64(i))).ELBO()
	}
	n := float64(len(logLik))
	short := (sum(logLik) - elbo) / n
	if short < -0.01 || short > 0.05 {
		t.Errorf("training ends %v nats a datum below the maximum likelihood of pPCA, want 0 to 0.05", short)
	}
}

func TestPlaneIsPCA(t *testing.T) {
	x, logLik, w := pca()
	plane := w.Plane(300)
	for i := range 10 {
		if got := plane.Evidence(x.RawRowView(i)).LogEvidence; math.Abs(got-logLik[i]) > 1e-6 {
			t.Errorf("datum %d: evidence %v by quadrature, %v in closed form", i, got, logLik[i])
		}
	}
}

// Turning the codes leaves p(x) as it is and correlates the posterior: its best diagonal Gaussian has the same mean
// and the variances 1/Λ_kk (PRML §10.1.2), whatever the encoder said.
func TestRefineFindsTheMeanField(t *testing.T) {
	x, logLik, w := pca()
	dec, _ := w.Decoder.layer(w.Decoder.Theta, 0)
	turned := mat.NewDense(2, 2, []float64{math.Cos(0.6), math.Sin(0.6), -math.Sin(0.6), math.Cos(0.6)})
	exact := w.Encode(x.RawRowView(0))
	mean := mat.NewVecDense(2, nil)
	mean.MulVec(turned, mat.NewVecDense(2, exact.Mean))
	var next, gram mat.Dense
	next.Mul(turned, dec)
	dec.Copy(&next)
	gram.Mul(dec, dec.T())
	fitted := w.Refine(x.RawRowView(0), 1500, 3).Last()
	var lost float64 // −½ ln(1 − ρ²) of a correlated Gaussian
	det, diag := 1.0, 1.0
	for k := range 2 {
		precision := 1 + gram.At(k, k)/(pcaSigma*pcaSigma)
		if got, want := fitted.SD[k], 1/math.Sqrt(precision); math.Abs(got/want-1) > 0.02 {
			t.Errorf("sd %d is %v, want %v", k, got, want)
		}
		if got, want := fitted.Mean[k], mean.AtVec(k); math.Abs(got-want) > 0.03 {
			t.Errorf("mean %d is %v, want %v", k, got, want)
		}
		diag *= precision
	}
	det = diag - math.Pow(gram.At(0, 1)/(pcaSigma*pcaSigma), 2)
	lost = 0.5 * math.Log(diag/det)
	got := logLik[0] - w.ELBOUnder(fitted, x.RawRowView(0), 40000, seeded(1)).ELBO()
	if math.Abs(got-lost) > 0.03 {
		t.Errorf("the family's gap is %v, want %v", got, lost)
	}
}
