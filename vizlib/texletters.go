package vizlib

// The letters that labels are made of, as LaTeX.

// scriptOf is what a raised or lowered letter is in LaTeX, and whether it stands at '^' or '_'.
func scriptOf(r rune) (text string, kind byte, ok bool) {
	if s, up := texRaised[r]; up {
		return s, '^', true
	}
	if s, down := texLowered[r]; down {
		return s, '_', true
	}
	return "", 0, false
}

var texRaised = map[rune]string{
	'⁰': "0", '¹': "1", '²': "2", '³': "3", '⁴': "4", '⁵': "5", '⁶': "6", '⁷': "7", '⁸': "8", '⁹': "9",
	'⁻': "-", '⁺': "+", 'ⁿ': "n", 'ⁱ': "i", 'ᵀ': `\mathsf{T}`, 'ᵏ': "k", 'ᵗ': "t", '′': `\prime`,
}

var texLowered = map[rune]string{
	'₀': "0", '₁': "1", '₂': "2", '₃': "3", '₄': "4", '₅': "5", '₆': "6", '₇': "7", '₈': "8", '₉': "9",
	'₋': "-", '₊': "+", 'ₙ': "n", 'ᵢ': "i", 'ⱼ': "j", 'ₖ': "k", 'ₗ': "l", 'ₘ': "m", 'ₜ': "t", 'ₐ': "a", 'ₑ': "e", 'ₓ': "x",
	'ₚ': "p", 'ₛ': "s", 'ᵣ': "r",
}

// texAccent stands after its letter in Unicode.
var texAccent = map[rune]string{'\u0302': `\hat`, '\u0304': `\bar`, '\u0303': `\tilde`, '\u0307': `\dot`}

var texMath = map[rune]string{
	'α': `\alpha`, 'β': `\beta`, 'γ': `\gamma`, 'δ': `\delta`, 'ε': `\varepsilon`, 'ζ': `\zeta`, 'η': `\eta`, 'θ': `\theta`,
	'ι': `\iota`, 'κ': `\kappa`, 'λ': `\lambda`, 'μ': `\mu`, 'µ': `\mu`, 'ν': `\nu`, 'ξ': `\xi`, 'π': `\pi`, 'ρ': `\rho`,
	'σ': `\sigma`, 'τ': `\tau`, 'φ': `\varphi`, 'ϕ': `\phi`, 'χ': `\chi`, 'ψ': `\psi`, 'ω': `\omega`,
	'Γ': `\Gamma`, 'Δ': `\Delta`, 'Θ': `\Theta`, 'Λ': `\Lambda`, 'Ξ': `\Xi`, 'Π': `\Pi`, 'Σ': `\Sigma`, 'Φ': `\Phi`, 'Ψ': `\Psi`, 'Ω': `\Omega`,
	'∝': `\propto`, '∈': `\in`, '∉': `\notin`, '∇': `\nabla`, '∂': `\partial`, '∫': `\int`, '∑': `\sum`, '∏': `\prod`, '√': `\surd`,
	'∞': `\infty`, '‖': `\|`, '∥': `\|`, '∣': `\mid`, '∼': `\sim`, '≈': `\approx`, '≤': `\leq`, '≥': `\geq`, '≠': `\neq`, '≪': `\ll`, '≫': `\gg`,
	'±': `\pm`, '×': `\times`, '÷': `\div`, '·': `\cdot`, '−': "-", '→': `\to`, '←': `\leftarrow`, '↦': `\mapsto`, '⇒': `\Rightarrow`, '↑': `\uparrow`, '↓': `\downarrow`,
	'∅': `\emptyset`, '∪': `\cup`, '∩': `\cap`, '⊥': `\perp`, '¬': `\neg`, 'ℓ': `\ell`, '⋅': `\cdot`,
	'𝔼': `\mathbb{E}`, 'ℝ': `\mathbb{R}`, 'ℕ': `\mathbb{N}`, '𝓛': `\mathcal{L}`, 'ℒ': `\mathcal{L}`, '𝒩': `\mathcal{N}`,
	'▼': `\blacktriangledown`, '▲': `\blacktriangle`, '■': `\blacksquare`, '□': `\square`, '○': `\circ`, '●': `\bullet`,
	'<': "<", '>': ">", '~': `\sim`, '|': `|`, '½': `\frac{1}{2}`, '¼': `\frac{1}{4}`, '¾': `\frac{3}{4}`,
}

var texText = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '%': `\%`, '_': `\_`, '^': `\^{}`,
	'–': "--", '—': "---", '…': `\dots{}`, '“': "``", '”': "''", '‘': "`", '’': "'", '"': "''", '°': `$^\circ$`,
	'\u00a0': "~", '\u202f': `\,`, '\u2009': `\,`, 'é': `\'e`, 'è': "\\`e", 'ä': `\"a`, 'ö': `\"o`, 'ü': `\"u`, 'ß': `\ss{}`, 'ê': `\^e`, 'ç': `\c{c}`,
}
