package check

import (
	"slices"
	"testing"
)

// answers tries functions that a student might write on the checker of one exercise.
type answers struct {
	*testing.T
	e     exercise
	right int            // forms of the right answer that were tried
	named map[string]int // functions with each slip that were tried
}

// wants asserts that an answer passes (slip ""), or fails and is suspected of that slip.
func (t *answers) wants(e exercise, slip string) {
	t.Helper()
	t.e = e
	if slip == "" {
		t.right++
	} else {
		t.named[slip]++
	}
	v := e.judge()
	switch {
	case slip == "" && !v.Passed:
		t.Errorf("%s: a right answer fails:\n%s", e.id, v)
	case slip != "" && v.Passed:
		t.Errorf("%s: the answer with %q passes", e.id, slip)
	case v.Slip != slip:
		t.Errorf("%s: named %q, want %q:\n%s", e.id, v.Slip, slip, v)
	case slip != "" && (v.Property == "" || v.Message == "" || v.Hint == ""):
		t.Errorf("%s: says too little:\n%s", e.id, v)
	}
}

// The wrong answers that each checker must name, and the functions that give them.
var listed = []struct {
	id    string
	try   func(t *answers)
	wrong []string
}{
	{"1.1", betaPosteriorAnswers, []string{"the prior was dropped", "n was added where the tails belong", "the next toss by maximum likelihood"}},
	{"1.2", logEvidenceAnswers, []string{"the width of a cell was forgotten", "the mean for the sum", "underflow"}},
	{"1.3", normalPosteriorAnswers, []string{"the precisions were averaged", "the variance for the sd", "the prior was ignored"}},
	{"2.1", klNormalAnswers, []string{"q and p were swapped", "the −½ is missing", "log₂ for ln"}},
	{"2.2", klCategoricalAnswers, []string{"NaN from 0·ln 0", "0 for p = 0 < q", "p ln(p/q): the other direction"}},
	{"2.3", forwardFitAnswers, []string{"the sds were averaged", "the spread of the means was forgotten", "the heavier bump alone"}},
	{"2.4", reverseWinnerAnswers, []string{"reverse KL always seeks a mode", "reverse KL always covers", "the two the wrong way round"}},
	{"2.5", klFromDrawsAnswers, []string{"r is upside down", "the draws are from p", "k2, which is biased"}},
	{"3.1", elboNormalAnswers, []string{"the entropy has the wrong sign", "constants were dropped", "−ELBO"}},
	{"3.2", gapAnswers, []string{"the sign", "the log joint for the log evidence", "a negative gap was accepted"}},
	{"3.3", normalEntropyAnswers, []string{"the sd was taken for the variance", "the variance was taken for the sd", "2π without e"}},
	{"3.4", fitMinusKLAnswers, []string{"KL(prior‖q)", "the prior was counted twice"}},
	{"4.1", staircaseMeanAnswers, []string{"Σ for Λ", "m₁ was used where m₂ belongs", "a wrong divisor"}},
	{"4.2", staircaseVarianceAnswers, []string{"Σ₁₁, p's own variance", "1/Σ₁₁", "Λ₁₁ itself"}},
	{"4.3", sweepsNeededAnswers, []string{"base ρ for ρ²", "half-steps were counted"}},
	{"4.4", precisionUpdateAnswers, []string{"a₀ + N/2", "the variance of μ was forgotten", "the term with λ₀ is missing", "a scale for the rate"}},
	{"4.5", uniformKLAnswers, []string{"an infinite KL went unnoticed"}},
	{"5.1", responsibilitiesAnswers, []string{"not normalised", "normalised over the data", "s² was dropped", "m² was dropped", "the ½ is missing", "σ² was dropped", "overflow", "a hard choice"}},
	{"5.2", caviMeanUpdateAnswers, []string{"the prior is missing", "the prior is missing in s²", "σ² is missing", "divided by n", "the sd for the variance"}},
	{"5.3", mixtureELBOAnswers, []string{"−n ln K is missing", "the entropy has the wrong sign", "0·ln 0", "s² is missing in the likelihood"}},
	{"5.4", escapeSaddleAnswers, []string{"it stopped on the plateau", "too few sweeps"}},
	{"5.5", labelsShareAnswers, []string{"ln K for ln K!", "added although the components overlap"}},
	{"6.1", emWidthAnswers, []string{"the sd is around the old mean", "divided by n", "the variance for the sd"}},
	{"6.2", metropolisAnswers, []string{"min(1, …) is missing", "the likelihood alone", "a log ratio against u", "rejected steps were dropped"}},
	{"6.3", gibbsSweepAnswers, []string{"the marginal variance", "both from the old state"}},
	{"6.4", effectiveSamplesAnswers, []string{"n/(1 − r)", "the first lag only"}},
	{"7.1", sviStepAnswers, []string{"n/B is missing", "1 − ε on the wrong term", "the moments were averaged"}},
	{"7.2", stepSizeAnswers, []string{"κ = ½ was accepted", "κ above 1 was accepted", "t = 0 without a delay"}},
	{"8.1", topicSharesAnswers, []string{"a logarithm for the digamma", "−ψ(Σλ) is missing", "the counts were ignored"}},
	{"8.2", matchTopicsAnswers, []string{"the order was assumed"}},
	{"9.1", reparameteriseAnswers, []string{"ln σ² for σ", "a gradient through ε", "the sign of the KL", "the ½ of the KL is missing"}},
	{"9.2", importanceBoundAnswers, []string{"the mean of the logarithms", "log M is missing", "no shift by the largest"}},
	{"10.1", simultaneousUpdatesAnswers, []string{"it claims convergence"}},
	{"10.2", coverageAnswers, []string{"ρ for 1 − ρ²"}},
}

// Each checker passes the right answer in two forms at least, and names every wrong answer of the list.
func TestListedAnswers(t *testing.T) {
	if len(listed) != len(all()) {
		t.Errorf("%d exercises are listed, want %d", len(listed), len(all()))
	}
	for _, l := range listed {
		t.Run(l.id, func(t *testing.T) {
			tried := &answers{T: t, named: map[string]int{}}
			l.try(tried)
			if tried.e.id != l.id {
				t.Errorf("the answers are to exercise %q", tried.e.id)
			}
			if tried.right < 2 {
				t.Errorf("the right answer was tried in %d forms, want 2", tried.right)
			}
			for _, wrong := range l.wrong {
				if tried.named[wrong] == 0 {
					t.Errorf("no function was tried with %q", wrong)
				}
			}
		})
	}
}

// The numbers that a known slip leads to are named as that slip, of every exercise and every hint.
func TestEveryHintIsGiven(t *testing.T) {
	for _, e := range all() {
		if e.id == "5.4" {
			continue // there the slips are the student's own runs
		}
		for _, h := range e.hints {
			slipped := e
			slipped.instances = slices.Clone(e.instances)
			for i, in := range e.instances {
				wrong, known := in.slips[h.slip]
				if !known {
					wrong = in.want
				}
				slipped.instances[i].ask = func() ([]float64, error) { return wrong, nil }
			}
			if v := slipped.judge(); v.Passed || v.Slip != h.slip || v.Hint != h.text {
				t.Errorf("%s: the numbers of %q:\n%s", e.id, h.slip, v)
			}
		}
	}
}
