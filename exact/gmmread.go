package exact

import "math"

// marginal returns p(μ_k | x) at mu, averaged over the names: the integral over the other mean of f, by the
// trapezoidal rule where the nodes say that f lives, and of r, in closed form.
func (p *plane) marginal(mu, logEvidence float64) float64 {
	v, t2 := p.all.variance(p.m), p.m.Tau0*p.m.Tau0
	ridge := math.Exp(p.ridges - logEvidence)
	total := ridge * 0.5 * (gauss(mu, p.all.mean(p.m), v) + gauss(mu, p.m.Mu0, t2))
	const fine = 0.7 // of the narrowest sd that f can have: the trapezoidal rule is exact to 1e-17 then
	step := fine * math.Sqrt(v)
	reach := [2]float64{}
	for i := range reach {
		reach[i] = 2 * (math.Abs(p.basis[0][i]) + math.Abs(p.basis[1][i]))
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, n := range p.nodes {
		for i := range n.at {
			if math.Abs(n.at[i]-mu) <= reach[i] {
				low, high = min(low, n.at[1-i]-reach[1-i]), max(high, n.at[1-i]+reach[1-i])
			}
		}
	}
	if !(low < high) {
		return total
	}
	var sum float64
	for i := range int(math.Ceil((high-low)/step)) + 1 {
		sum += math.Exp(p.logF(point{mu, low + float64(i)*step}) - logEvidence)
	}
	return total + sum*step
}

// predictive returns p(x_new | x) at x: the average of N(x; μ_k, σ²) over the nodes, which are as good for f
// times a smooth function as for f, and over r in closed form.
func (p *plane) predictive(x, logEvidence float64) float64 {
	s2 := p.m.Sigma * p.m.Sigma
	ridge := math.Exp(p.ridges - logEvidence)
	total := ridge * 0.5 * (gauss(x, p.all.mean(p.m), s2+p.all.variance(p.m)) + gauss(x, p.m.Mu0, s2+p.m.Tau0*p.m.Tau0))
	shift := p.lnCell - logEvidence
	if p.double {
		shift += math.Ln2
	}
	for _, n := range p.nodes {
		if w := math.Exp(n.logF + shift); w > 0 {
			total += w * 0.5 * (gauss(x, n.at[0], s2) + gauss(x, n.at[1], s2))
		}
	}
	return total
}
