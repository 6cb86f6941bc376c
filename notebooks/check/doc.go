// Package check tells a student at once whether an answer to an exercise of the lessons is right, and if it is
// not, which property it lacks.
//
// A student writes a function in a cell and hands it over:
//
//	func mine(m model.GMM, phi []float64) (mean, variance float64) { … }
//	%%
//	check.CAVIMeanUpdate(mine)
//
// A checker calls the function on random instances, drawn from a fixed seed, in which nothing is 0, 1 or equal
// that could hide a slip: σ ≠ 1, μ₀ ≠ 0, a rate is no 1, the s_k differ. It prints a tick, or a cross with the
// first property that fails, the instance, the slip that gives the same numbers (if it is a known one) and, where
// it helps, a picture. Any right form passes: in logarithms, normalised late, simplified or not. A function that
// panics, runs for ever or returns NaN or too few numbers is answered by a sentence.
//
// WrongUpdates is the lab of lesson 05: every known slip in an update of coordinate ascent, and which of three alarms
// hear it.
//
// All numbers are in nats and in the units of the data. Nothing needs a network, and the same function always
// gets the same words.
package check
