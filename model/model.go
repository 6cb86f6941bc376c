// Package model says what we believe: the data, the priors and the log joint density, and how to draw data
// from it. It knows no algorithm that infers anything.
//
// A model is a plain struct with value receivers. Its LogProb is the log of the joint density of the data and
// the continuous parameters, in nats, as a function of the parameters: not normalised in them, so it serves as
// the target of any method that needs a posterior only up to its constant. Check returns what is wrong with
// the fields in one sentence; LogProb does not check, because it is called in loops.
package model

import (
	"fmt"
	"math"
)

// ln2Pi is ln 2π, the constant of every Gaussian log density.
const ln2Pi = 1.8378770664093454835606594728112352797

// checkData says what is wrong with the data of the model called name, if anything.
func checkData(name string, x []float64) error {
	if len(x) == 0 {
		return fmt.Errorf("%s: X has 0 points, want at least 1", name)
	}
	for i, v := range x {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%s: X[%d] is %v, want a finite number", name, i, v)
		}
	}
	return nil
}

// checkFinite says so if the field is NaN or infinite.
func checkFinite(name, field string, v float64) error {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Errorf("%s: %s is %v, want a finite number", name, field, v)
	}
	return nil
}

// checkPositive says so unless the field is a positive finite number.
func checkPositive(name, field string, v float64) error {
	if !(v > 0) || math.IsInf(v, 0) {
		return fmt.Errorf("%s: %s is %v, want a positive finite number", name, field, v)
	}
	return nil
}
