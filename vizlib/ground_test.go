package vizlib

import (
	"regexp"
	"testing"
)

var colours = regexp.MustCompile(`"#[0-9a-f]{6}`)

// No two things that share a colour on white may differ on black: the shell could not tell them apart.
func TestDarkColoursFollowFromLightOnes(t *testing.T) {
	light, dark := lightTheme(), darkTheme()
	m := darkOfLight()
	same := func(what, a, b string) {
		if m[a] != b {
			t.Errorf("%s: %s becomes %s on a dark ground, want the dark theme's %s", what, a, m[a], b)
		}
	}
	same("background", css(light.background), css(dark.background))
	same("text", css(light.text), css(dark.text))
	same("spine", css(light.spine), css(dark.spine))
	for k := range light.looks {
		same("line", css(light.looks[k].line), css(dark.looks[k].line))
		same("letters", css(light.looks[k].text), css(dark.looks[k].text))
	}
}

// Every colour that a figure in the light theme holds must have its dark one.
func TestEveryColourHasADarkOne(t *testing.T) {
	m := darkOfLight()
	seen := 0
	for _, p := range []Picture{zoo(), threeCurves(3)} {
		d, _ := figureDataOf(t, p)
		for _, c := range colours.FindAllString(string(mustJSON(d)), -1) {
			seen++
			if _, ok := m[c[1:8]]; !ok {
				t.Errorf("the colour %s of the light theme has no dark one", c)
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d colours were looked at", seen)
	}
}
