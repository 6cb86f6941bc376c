// Package exact has the truth where it can be had: posteriors and evidences in closed form, by enumeration, or by
// quadrature with an error bound. It does not know that anybody approximates them.
//
// Evidence is p(x), the probability density of the data with every unknown integrated out; LogEvidence is its
// logarithm in nats.
package exact
