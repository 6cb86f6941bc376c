// Package kl is what a divergence is, and the Gaussian that makes it small.
//
// The Kullback–Leibler divergence of q from p is
//
//	KL(q‖p) = ∫ q(x) ln(q(x)/p(x)) dx
//
// in nats. The density that averages always stands first: Normal(q, p) is KL(q‖p). It is zero when the two
// agree, +Inf when q has mass where p has none, never negative, and not symmetric.
//
// The package holds closed forms for named families, the same number by quadrature (Quad) and by sampling
// (Sampled), two relatives (Alpha, Renyi), an alarm (ParetoK), a few targets to look at, and two ways to
// put a Gaussian on a target: Reverse minimises KL(q‖p), which is variational inference, and Forward
// minimises KL(p‖q), which is moment matching.
//
// Sources: Kullback and Leibler, On information and sufficiency, Ann. Math. Stat. 22 (1951); Bishop, Pattern
// Recognition and Machine Learning (2006), §1.6.1 and §10.1.2.
package kl
