package vae_test

import (
	"fmt"
	"math/rand/v2"

	"elboroom/fit"
	"elboroom/vae"
)

func ExampleFit() {
	images := vae.Glyphs(300, 0.02, rand.New(rand.NewPCG(1, 0)))
	trace := vae.Fit(vae.Model{X: images.X}, fit.Settings{Sweeps: 30, Seed: 1})
	weights, x := trace.Last().Q, images.X.RawRowView(0)

	elbo := weights.ELBO(x, 1000, rand.New(rand.NewPCG(2, 0))).ELBO()
	fmt.Println("the first datum is a", images.Names[images.Label[0]])
	fmt.Println("ELBO below ln p(x):", elbo < weights.Evidence(x, 120).LogEvidence)
	// Output:
	// the first datum is a tee
	// ELBO below ln p(x): true
}
