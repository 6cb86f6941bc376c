package vizlib

import (
	"math"
	"strconv"
	"strings"
)

// minus is U+2212: as wide as a plus sign, unlike a hyphen.
const minus = "−"

// linearTicks are multiples of 1, 2 or 5 times a power of ten inside the window, about want of them.
func linearTicks(w Interval, want int) []Tick {
	return ticksEvery(w, niceStep((w.Max-w.Min)/float64(max(want, 1))))
}

// ticksEvery are the multiples of a step inside the window.
func ticksEvery(w Interval, step float64) []Tick {
	if !(step > 0) || math.IsInf(step, 0) {
		return nil
	}
	label := numbers(step, math.Max(math.Abs(w.Min), math.Abs(w.Max)))
	const slack = 1e-9 // of a step: a tick on the window's edge counts as inside
	var ticks []Tick
	for k := math.Ceil(w.Min/step - slack); k <= w.Max/step+slack; k++ {
		ticks = append(ticks, Tick{At: k * step, Label: label(k * step)})
	}
	return ticks
}

// niceStep is the 1, 2 or 5 times a power of ten that lies nearest to raw, by their ratio.
func niceStep(raw float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	switch m := raw / power; {
	case m <= math.Sqrt2:
		return power
	case m <= math.Sqrt(10):
		return 2 * power
	case m <= math.Sqrt(50):
		return 5 * power
	}
	return 10 * power
}

// numbers returns how multiples of step up to big are written, neighbours never alike: with a true minus sign,
// and as a power of ten where plain digits would be long and it is shorter.
func numbers(step, big float64) func(v float64) string {
	const (
		long = 1e6 // numbers from here on, or with more decimals than fine, are long
		fine = 5
		ulp  = 1e-9 // log10 of a power of ten may come out just below the whole number
	)
	first, last := int(math.Floor(math.Log10(big)+ulp)), int(math.Floor(math.Log10(step)+ulp)) // digits, as powers of ten
	decimals, mantissa := max(0, -last), max(0, first-last)
	digits := max(0, first) + 1 + decimals + min(decimals, 1)                               // with the point
	inPowers := 1 + mantissa + min(mantissa, 1) + len("·10") - 1 + len(strconv.Itoa(first)) // · has two bytes
	if (big >= long || decimals > fine) && inPowers <= digits {
		return func(v float64) string { return inPowersOfTen(v, last) }
	}
	return func(v float64) string {
		s := strconv.FormatFloat(v, 'f', decimals, 64)
		if strings.Trim(s, "-0.") == "" {
			s = strings.TrimPrefix(s, "-")
		}
		return strings.ReplaceAll(s, "-", minus)
	}
}

// inPowersOfTen writes v, a multiple of 10^last, such as 1.25·10⁶.
func inPowersOfTen(v float64, last int) string {
	if v == 0 {
		return "0"
	}
	const ulp = 1e-9
	decimals := max(0, int(math.Floor(math.Log10(math.Abs(v))+ulp))-last)
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', decimals, 64), "e")
	if decimals > 0 {
		mantissa = strings.TrimSuffix(strings.TrimRight(mantissa, "0"), ".")
	}
	e, _ := strconv.Atoi(exponent)
	return strings.ReplaceAll(mantissa, "-", minus) + "·10" + superscript(e)
}

// logTicks are powers of ten inside the window, and 2 and 5 times them where fewer than three would show.
func logTicks(w Interval, want int) []Tick {
	lo, hi := math.Log10(w.Min), math.Log10(w.Max)
	const slack = 1e-9
	first, last := int(math.Ceil(lo-slack)), int(math.Floor(hi+slack))
	var ticks []Tick
	if last-first+1 < 3 {
		for e := first - 1; e <= last; e++ {
			for _, m := range []float64{1, 2, 5} {
				at := m * math.Pow(10, float64(e))
				if l := math.Log10(at); l >= lo-slack && l <= hi+slack {
					ticks = append(ticks, Tick{At: at, Label: plain(at)})
				}
			}
		}
		return ticks
	}
	stride := max(1, int(math.Ceil(float64(last-first+1)/float64(max(want, 1)))))
	for e := first; e <= last; e++ {
		t := Tick{At: math.Pow(10, float64(e))}
		if (e-first)%stride == 0 {
			t.Label = power(e)
		}
		ticks = append(ticks, t)
	}
	return ticks
}

// power is 10ᵉ as a label; 1, 10 and 0.1 are written out.
func power(e int) string {
	switch e {
	case -1:
		return "0.1"
	case 0:
		return "1"
	case 1:
		return "10"
	}
	return "10" + superscript(e)
}

// plain is a number in the shortest decimal form, with a true minus sign.
func plain(v float64) string {
	v, _ = strconv.ParseFloat(strconv.FormatFloat(v, 'g', 12, 64), 64) // 0.30000000000000004 is 0.3
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e6) {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', -1, 64), "e")
		e, _ := strconv.Atoi(exponent)
		if mantissa == "1" {
			return power(e)
		}
		return strings.ReplaceAll(mantissa, "-", minus) + "·10" + superscript(e)
	}
	return strings.ReplaceAll(strconv.FormatFloat(v, 'f', -1, 64), "-", minus)
}

// superscript writes an integer in raised digits.
func superscript(e int) string {
	raised := []rune("⁰¹²³⁴⁵⁶⁷⁸⁹")
	var b strings.Builder
	for _, r := range strconv.Itoa(e) {
		if r == '-' {
			b.WriteRune('⁻')
			continue
		}
		b.WriteRune(raised[r-'0'])
	}
	return b.String()
}
