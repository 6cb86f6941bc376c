package vizlib

// A figure in the light theme follows its host: where it stands on a dark ground, the shell draws it in the dark
// theme. So the data hold light colours only, and the engine's script says which dark one each becomes.

// darkOfLight is the dark theme's colour for each of the light theme's, as a style sheet writes them.
func darkOfLight() map[string]string {
	light, dark := lightTheme(), darkTheme()
	m := map[string]string{
		css(light.background): css(dark.background),
		css(light.text):       css(dark.text),
		css(light.spine):      css(dark.spine),
	}
	for k := range light.looks {
		m[css(light.looks[k].line)] = css(dark.looks[k].line)
		m[css(light.looks[k].text)] = css(dark.looks[k].text)
	}
	return m
}
