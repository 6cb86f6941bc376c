package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
)

// updates are the updates of one model.
type updates struct {
	model, says string
	family      string // in letters, a line an equation
	updates     []update
}

// update is one factor, and what its move sets.
type update struct{ factor, sets string }

// wanted are the models in the course's order, and their factors' methods.
func wanted() []struct {
	typ     string
	methods [][2]string // factor, method
} {
	return []struct {
		typ     string
		methods [][2]string
	}{
		{"Gaussian", [][2]string{{"q(θ_i)", "move"}}},
		{"Normal", [][2]string{{"q(μ)", "moveMu"}, {"q(τ)", "moveTau"}}},
		{"GMM", [][2]string{{"q(c)", "moveC"}, {"q(μ)", "moveMu"}}},
		{"BayesGMM", [][2]string{{"q(c)", "ruleOf"}, {"q(π,μ,Λ)", "moveTheta"}}},
		{"LDA", [][2]string{{"q(z)", "moveZ"}, {"q(θ)", "moveTheta"}, {"q(β)", "moveBeta"}}},
	}
}

// readUpdates reads the doc comments of the package in dir. A method may belong to the model or to its factors.
func readUpdates(dir string) ([]updates, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("there is no Go source in %s: run this in the project's folder, or name package cavi's with -source", dir)
	}
	types, methods := map[string]string{}, map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		for _, d := range file.Decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				for _, s := range d.Specs {
					if t, ok := s.(*ast.TypeSpec); ok {
						types[t.Name.Name] = d.Doc.Text()
					}
				}
			case *ast.FuncDecl:
				if d.Recv != nil {
					methods[receiver(d)+"."+d.Name.Name] = d.Doc.Text()
				}
			}
		}
	}
	var all []updates
	for _, w := range wanted() {
		m := updates{model: "cavi." + w.typ, says: firstSentence(types[w.typ]), family: family(types[w.typ])}
		for _, f := range w.methods {
			doc := methods[w.typ+"."+f[1]] + methods[w.typ+"Factors."+f[1]]
			sets, ok := strings.CutPrefix(firstSentence(doc), f[1]+" sets ")
			if !ok {
				return nil, fmt.Errorf("the doc comment of %s.%s does not say what it sets: %q", w.typ, f[1], doc)
			}
			m.updates = append(m.updates, update{f[0], strings.TrimSuffix(sets, ".")})
		}
		all = append(all, m)
	}
	return all, nil
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if name, ok := t.(*ast.Ident); ok {
		return name.Name
	}
	return ""
}

// firstSentence is the text up to the first full stop or colon that ends a sentence, on one line. The stop in
// "model.GMM" or "eqs. 1" ends none.
func firstSentence(doc string) string {
	doc, _, _ = strings.Cut(doc, "\n\n")
	words := strings.Fields(doc)
	for i, w := range words {
		if i+1 < len(words) && strings.HasSuffix(w, ".") && strings.ToUpper(words[i+1][:1]) == words[i+1][:1] && words[i+1][0] < 0x80 {
			return strings.Join(words[:i+1], " ")
		}
	}
	return strings.Join(words, " ") // what follows is the formula of the family
}

// family is the formula that stands below a doc comment's first paragraph, without its indent.
func family(doc string) string {
	_, rest, _ := strings.Cut(doc, "\n\n")
	block, _, _ := strings.Cut(rest, "\n\n")
	var lines []string
	for line := range strings.Lines(block) {
		formula, ok := strings.CutPrefix(line, "\t")
		if !ok {
			return ""
		}
		lines = append(lines, strings.TrimSpace(formula))
	}
	return strings.Join(lines, "\n")
}
