package figures

import "elboroom/vizlib"

// VAEDiagram is the autoencoder as a drawing: from a datum through the encoder to the mean and the sd of its q(z|x),
// through the reparameterisation, where the noise enters from the side, and through the decoder to p(x|z). Every arrow
// but the noise's can be differentiated, so gradients flow from the ELBO back to both networks.
func VAEDiagram() vizlib.Grid {
	p := func(x, y float64) vizlib.Point { return vizlib.Point{X: x, Y: y} }
	const x, encoder, mu, sigma, noise, z, decoder, image = 0, 1, 2, 3, 4, 5, 6, 7
	d := vizlib.Diagram{
		Nodes: []vizlib.Node{
			x:       {At: p(0, 0), Text: "x", Kind: vizlib.Observed},
			encoder: {At: p(1.75, 0), Text: "encoder", Kind: vizlib.Block, W: 1.7, H: 1.1, Ink: vizlib.Q},
			mu:      {At: p(3.7, .75), Text: "μ", Kind: vizlib.Block, W: .7, H: .7, Ink: vizlib.Q},
			sigma:   {At: p(3.7, -.75), Text: "σ", Kind: vizlib.Block, W: .7, H: .7, Ink: vizlib.Q},
			noise:   {At: p(5.6, -1.75), Text: "ε", Ink: vizlib.Path1},
			z:       {At: p(5.6, 0), Text: "z"},
			decoder: {At: p(7.45, 0), Text: "decoder", Kind: vizlib.Block, W: 1.7, H: 1.1, Ink: vizlib.P},
			image:   {At: p(9.5, 0), Text: "p(x|z)", Kind: vizlib.Block, W: 1.2, H: .7, Ink: vizlib.P},
		},
		Edges: []vizlib.Edge{{From: x, To: encoder}, {From: encoder, To: mu}, {From: encoder, To: sigma}, {From: mu, To: z}, {From: sigma, To: z},
			{From: noise, To: z, Dash: vizlib.Dashed}, {From: z, To: decoder}, {From: decoder, To: image}},
		Style: vizlib.Style{Width: 2.2},
	}
	label := func(text string, at vizlib.Point, ink vizlib.Ink) vizlib.Text {
		return vizlib.Text{Text: text, At: at, Size: 15, Style: vizlib.Style{Ink: ink}}
	}
	marks := []vizlib.Mark{d,
		label("z = μ + σ ε", p(5.6, .75), vizlib.Black),
		label("ε ~ N(0, I), the only randomness", p(5.6, -2.4), vizlib.Path1),
		label("q(z|x) = N(μ, σ²): the approximation", p(1.75, 1.6), vizlib.Q),
		label("the model: N(0, I), then p(x|z)", p(8.3, 1.6), vizlib.P),
		label("KL(q(z|x) ‖ N(0, I))", p(2.6, -1.75), vizlib.Q),
		label("E ln p(x|z)", p(9.3, -.75), vizlib.P),
	}
	return onePanel("The variational autoencoder is a q and a p", "noise enters from the side, so gradients pass through z to both networks",
		"ELBO = E ln p(x|z) − KL", marks, vizlib.Interval{Min: -.6, Max: 10.4}, vizlib.Interval{Min: -2.8, Max: 2.2})
}
