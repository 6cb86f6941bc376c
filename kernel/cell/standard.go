package cell

import (
	_ "embed"
	"path"
	"slices"
	"strings"
)

// standardList is the importable part of `go list std`, a path a line. Most names belong to one path.
//
//go:embed standard.txt
var standardList string

// choices are the names that belong to several paths. The first path is meant of whose words one is selected, or
// that has none.
var choices = map[string][]struct{ path, selected string }{
	"rand": {{"crypto/rand", "Reader Prime Text"},
		{"math/rand", "Seed Intn Int31 Int31n Int63 Int63n NewSource Read"}, {"math/rand/v2", ""}},
	"template": {{"html/template", "HTML JS CSS URL"}, {"text/template", ""}},
	"pprof":    {{"net/http/pprof", "Handler Index Cmdline"}, {"runtime/pprof", ""}},
	"scanner":  {{"go/scanner", "ErrorList ErrorHandler"}, {"text/scanner", ""}},
}

// standard is the path of the standard package that a program means by a name it has not imported, given what it
// selects from it; "" where there is none.
func standard(name string, selected []string) string {
	for _, c := range choices[name] {
		among := strings.Fields(c.selected)
		if len(among) == 0 || slices.ContainsFunc(selected, func(s string) bool { return slices.Contains(among, s) }) {
			return c.path
		}
	}
	for p := range strings.Lines(standardList) {
		if p = strings.TrimSpace(p); path.Base(p) == name {
			return p
		}
	}
	return ""
}

// StandardPaths are all of them.
func StandardPaths() []string { return strings.Fields(standardList) }
