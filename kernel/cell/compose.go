package cell

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// Program is a composed package main.
type Program struct {
	Source  []byte
	Hash    [32]byte          // of Source
	Imports []string          // paths, sorted
	Paths   map[string]string // name of each import → its path
	Run     bool              // false: there is nothing to run, compiling it is all
	Shown   bool              // the value of a trailing call is shown: wrong where the call has none
	Embeds  bool              // needs go build: a //go:embed or import "C"
	decls   []*Decl
}

// Options of Compose.
type Options struct {
	Plain bool     // a trailing call is a statement: it has no value
	Drop  []*Decl  // declarations to leave out: stale methods, imports that turned out to be unused
	Omit  []string // imports by name that turned out to be unused
}

// Compose makes the program of a cell: what it declares, what it reaches of what is remembered, every init_ and
// blank var, and the imports that these use.
func Compose(m *Memory, c *Cell, o Options) (*Program, error) {
	list := slices.DeleteFunc(m.with(c), func(d *Decl) bool { return slices.Contains(o.Drop, d) })
	for _, d := range c.decls { // main is composed, never remembered
		if d.Kind == Func && d.Key == "main" {
			list = append(list, d)
		}
	}
	if c.Exec != "" && !slices.ContainsFunc(list, func(d *Decl) bool { return d.Kind == Func && d.Key == c.Exec }) {
		return nil, c.fail(0, "%%exec %s: there is no function of this name", c.Exec)
	}
	body, uses, shown := c.mainBody(o.Plain)
	p := &Program{Paths: map[string]string{}, Shown: shown}
	p.decls = reach(list, c, uses)
	for _, d := range p.decls {
		p.Run = p.Run || isInit(d) || d.valued && d.Cell == c.Number
		p.Embeds = p.Embeds || strings.Contains(d.Text, "//go:embed ")
	}
	p.Run = p.Run || c.ownMain || c.Exec != "" || body != ""

	imports := p.pickImports(m, list, uses, o)
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, line := range imports {
		b.WriteString(line)
	}
	if body != "" || c.Exec != "" {
		b.WriteString("import gonb_flag \"flag\"\n")
		p.Paths["gonb_flag"] = "flag"
	}
	if shown {
		b.WriteString("import gonb_fmt \"fmt\"\nimport gonb_os \"os\"\n")
		p.Paths["gonb_fmt"] = "fmt"
		p.Paths["gonb_os"] = "os"
	}
	var inits []*Decl
	for _, d := range p.decls {
		switch {
		case d.Kind == Import:
		case isInit(d):
			inits = append(inits, d)
		default:
			b.WriteString("\n" + d.Text + "\n")
		}
	}
	slices.SortFunc(inits, func(a, b *Decl) int { return strings.Compare(a.Key, b.Key) })
	for _, d := range inits {
		b.WriteString("\n" + d.Text[:d.offs[0]] + "init" + d.Text[d.offs[0]+len(d.Key):] + "\n")
	}
	switch {
	case c.ownMain, c.Test:
	case c.Exec != "":
		fmt.Fprintf(&b, "\n//line /gonb/main:1\nfunc main() {\n\tgonb_flag.Parse()\n\t%s()\n}\n", c.Exec)
	case body != "":
		b.WriteString("\n//line /gonb/main:1\nfunc main() {\n\tgonb_flag.Parse()\n" + body + "\n}\n")
	default:
		b.WriteString("\n//line /gonb/main:1\nfunc main() {}\n")
	}
	if shown {
		b.WriteString(showFunc)
	}
	p.Source = []byte(b.String())
	p.Hash = sha256.Sum256(p.Source)
	for _, path := range p.Paths {
		if !slices.Contains(p.Imports, path) {
			p.Imports = append(p.Imports, path)
		}
		p.Embeds = p.Embeds || path == "C"
	}
	slices.Sort(p.Imports)
	return p, nil
}

// showFunc writes a trailing expression's value where the kernel reads it. An error that is nil is not worth
// showing; one that is not goes to stderr.
const showFunc = `
//line /gonb/show:1
func gonb_show(values ...interface{}) {
	if n := len(values); n > 0 {
		err, failed := values[n-1].(error)
		if failed {
			gonb_fmt.Fprintln(gonb_os.Stderr, err)
		}
		if failed || values[n-1] == nil {
			values = values[:n-1]
		}
	}
	text := ""
	for i, v := range values {
		if i > 0 {
			text += ", "
		}
		text += gonb_fmt.Sprintf("%+v", v)
	}
	if len(values) > 0 {
		if err := gonb_os.WriteFile(gonb_os.Getenv("GONB_RESULT"), []byte(text), 0o600); err != nil {
			gonb_fmt.Fprintln(gonb_os.Stderr, err)
		}
	}
}
`

// mainBody is the text of main's body, the names that it uses, and whether it shows a value.
func (c *Cell) mainBody(plain bool) (body string, uses map[string][]string, shown bool) {
	switch {
	case c.Exec != "":
		return "", map[string][]string{c.Exec: nil}, false
	case c.body == "" && c.HasGo && !c.ownMain && !c.Test && len(c.decls) == 0:
		return directive(c.File, 1, 1), nil, false // %% alone
	case c.body == "":
		return "", nil, false
	}
	uses = freeNames("func _() {\n" + c.body + "\n}")
	if t := c.tail; t != nil && !(t.call && plain) {
		line := 1 + strings.Count(c.body[:t.start], "\n")
		col := t.start - strings.LastIndexByte(c.body[:t.start], '\n')
		body = directive(c.File, 1, 1) + c.body[:t.start] + "gonb_show(\n" + directive(c.File, line, col) +
			c.body[t.start:t.end] + ",\n)" + c.body[t.end:]
		return body, uses, true
	}
	return directive(c.File, 1, 1) + c.body, uses, false
}

// isInit reports whether a function is to run before main.
func isInit(d *Decl) bool {
	return d.Kind == Func && (d.Key == "init" || strings.HasPrefix(d.Key, "init_"))
}

// reach keeps the declarations that the cell makes or reaches, in their order.
func reach(list []*Decl, c *Cell, uses map[string][]string) []*Decl {
	byName := map[string][]*Decl{}
	methods := map[string][]*Decl{}
	for _, d := range list {
		for _, n := range d.Names {
			byName[n] = append(byName[n], d)
		}
		if d.Kind == Method {
			methods[d.owner()] = append(methods[d.owner()], d)
		}
	}
	in := map[*Decl]bool{}
	var add func(d *Decl)
	follow := func(uses map[string][]string) {
		for n := range uses {
			for _, d := range byName[n] {
				add(d)
			}
		}
	}
	add = func(d *Decl) {
		if in[d] {
			return
		}
		in[d] = true
		follow(d.uses)
		if d.Kind == Type {
			for _, n := range d.Names {
				for _, m := range methods[n] {
					add(m)
				}
			}
		}
		if d.Kind == Method {
			for _, t := range byName[d.owner()] {
				add(t)
			}
		}
	}
	for _, d := range list {
		if slices.Contains(c.decls, d) && d.Kind != Import || isInit(d) || d.Kind == Var && slices.Contains(d.Names, "_") && len(d.Names) == 1 {
			add(d)
		}
	}
	follow(uses)
	return slices.DeleteFunc(slices.Clone(list), func(d *Decl) bool { return !in[d] })
}

// pickImports writes the import lines that the program needs: those declared and used, and standard packages that
// are used without having been imported.
func (p *Program) pickImports(m *Memory, list []*Decl, body map[string][]string, o Options) []string {
	used := map[string][]string{}
	defined := map[string]bool{}
	merge := func(uses map[string][]string) {
		for n, sels := range uses {
			used[n] = append(used[n], sels...)
		}
	}
	merge(body)
	for _, d := range p.decls {
		merge(d.uses)
		for _, n := range d.Names {
			defined[n] = true
		}
	}
	var lines []string
	declared := map[string]bool{}
	for _, d := range list {
		if d.Kind != Import {
			continue
		}
		name := m.name(d)
		declared[name] = true
		silentImport := name == "_" || name == "."
		if !silentImport && len(used[name]) == 0 || slices.Contains(o.Omit, name) || slices.Contains(o.Omit, d.Path) {
			continue
		}
		key := name
		if silentImport {
			key = name + " " + d.Path
		}
		p.Paths[key] = d.Path
		lines = append(lines, d.Text+"\n")
	}
	for name, sels := range used {
		if len(sels) == 0 || declared[name] || defined[name] || slices.Contains(o.Omit, name) {
			continue
		}
		if path := Standard(name, sels); path != "" {
			p.Paths[name] = path
			lines = append(lines, fmt.Sprintf("import %q\n", path))
		}
	}
	slices.Sort(lines)
	return lines
}
