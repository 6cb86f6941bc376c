package cell

import (
	"crypto/sha256"
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Program is a composed package main.
type Program struct {
	Source  []byte
	Hash    [32]byte // of Source
	Imports []string // paths, sorted
	Run     bool     // false: there is nothing to run, compiling it is all
	Shown   bool     // the value of a trailing call is shown: wrong where the call has none
	Embeds  bool     // needs go build: a //go:embed or import "C"
	decls   []*Decl
}

// Options of Compose.
type Options struct {
	Plain bool     // a trailing call is a statement: it has no value
	Drop  []*Decl  // methods that turned out to be stale
	Omit  []string // paths of imports that turned out to be unused
}

// showText has gonb_show, which writes a trailing expression's values where the kernel reads them, but for the error
// behind them, which goes to stderr unless it is nil; and gonb_uncounted, which shows no number of bytes or items.
//
//go:embed show.txt
var showText string

// Compose makes the program of a cell: what it declares, what it reaches of what is remembered, every init_ and
// blank var, and the imports that these use.
func Compose(m *Memory, c *Cell, o Options) (*Program, error) {
	list := m.with(c, o.Drop)
	if c.Exec != "" && !slices.ContainsFunc(list, func(d *Decl) bool { return d.Kind == Func && d.Key == c.Exec }) {
		return nil, c.Fail(0, "%%exec %s: there is no function of this name", c.Exec)
	}
	p := &Program{Shown: c.plain != nil && !o.Plain, Run: c.main != nil}
	main := c.main // which is never remembered
	switch {
	case main == nil:
		main = &Decl{Kind: Func, Key: "main", from: c, Text: "//line /gonb/main:1\nfunc main() {}"}
	case o.Plain && c.plain != nil:
		main = c.plain
	}
	list = append(list, main, &Decl{Kind: Func, Names: []string{"gonb_show", "gonb_uncounted"}, Text: showText,
		uses: map[string][]string{"gonb_fmt": {"Sprintf"}, "gonb_os": {"WriteFile"}}})
	p.decls = reach(list, c)
	lines, paths := m.imports(list, p.decls, map[string][]string{}, o.Omit)
	p.Imports = slices.Sorted(maps.Keys(paths))
	p.Embeds = paths["C"]
	slices.SortStableFunc(p.decls, func(a, b *Decl) int { return strings.Compare(a.initName(), b.initName()) })
	var b strings.Builder
	b.WriteString("package main\n\n" + strings.Join(lines, ""))
	for _, d := range p.decls {
		b.WriteString("\n" + d.Text + "\n")
		p.Run = p.Run || d.initName() != "" || d.valued && d.from == c
		p.Embeds = p.Embeds || d.Kind == Var && strings.Contains(d.Text, "//go:embed ")
	}
	p.Source = []byte(b.String())
	p.Hash = sha256.Sum256(p.Source)
	return p, nil
}

// reach keeps the declarations that those of c, every init and every blank var reach, in their order.
func reach(list []*Decl, c *Cell) []*Decl {
	in := map[*Decl]bool{}
	wanted := map[string]bool{}
	for more := true; more; {
		more = false
		for _, d := range slices.Backward(list) { // most use what was declared before
			asked := d.initName() != "" || d.Kind == Var && d.Key == "_" || d.from == c
			if in[d] || d.Kind == Import || !asked && !slices.ContainsFunc(d.Names, func(n string) bool { return wanted[n] }) {
				continue
			}
			in[d], more = true, true
			for n := range d.uses {
				wanted[n] = true
			}
			for _, n := range d.Names { // a type wants its methods
				wanted[n] = n != "_"
			}
		}
	}
	return slices.DeleteFunc(slices.Clone(list), func(d *Decl) bool { return !in[d] })
}

// imports writes the import lines of a program: those in list that used or decls, which are of list, use, and standard
// packages that are used without being declared, gonb_fmt being fmt. Paths in omit are left out.
func (m *Memory) imports(list, decls []*Decl, used map[string][]string, omit []string) (lines []string, paths map[string]bool) {
	paths = map[string]bool{}
	add := func(path, line string) {
		if !slices.Contains(omit, path) {
			paths[path] = true
			lines = append(lines, line+"\n")
		}
	}
	for _, d := range decls {
		for n, selected := range d.uses {
			used[n] = append(used[n], selected...)
		}
	}
	for _, d := range list {
		if d.Kind == Import && (!d.named() || len(used[m.names(d)[0]]) > 0) {
			add(d.Path, d.Text)
		}
	}
	for _, d := range list {
		for _, n := range m.names(d) {
			delete(used, n)
		}
	}
	for name, selected := range used {
		if path := standard(strings.TrimPrefix(name, "gonb_"), selected); path != "" && len(selected) > 0 {
			add(path, fmt.Sprintf("import %s %q", name, path))
		}
	}
	slices.Sort(lines)
	return lines, paths
}
