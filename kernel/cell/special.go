package cell

import (
	"go/token"
	"regexp"
	"strings"
)

// Special is a line for the kernel: !cmd, !*cmd or %name words.
type Special struct {
	Line  int  // from 1
	Shell bool // !cmd
	Temp  bool // !*cmd: in the temporary module
	Text  string
	Words []string // of a % line; Words[0] is the name

	at int // where it begins
}

// Magic is a cell whose first line hands the rest to something else.
type Magic struct {
	Words []string // "script", "bash", "sh" or "writefile", then arguments
	Body  string
}

// A special line may go on in the next one, after a backslash. //gonb: lets it stand in a file that other Go tools read.
var (
	special = regexp.MustCompile(`^(?://gonb:)?([%!].(?:.*\\\n)*.*)`)
	joint   = regexp.MustCompile(`\\\n(?://gonb:)?`)
	magic   = regexp.MustCompile(`^(?:\s*\n)?(?://gonb:)?%%((?:script|bash|sh|writefile)(?:[ \t].*)?)(?:\n|$)`)
)

// takeSpecials obeys the lines that say what the cell is, and keeps the others. It returns where %% stands, or end.
func (c *Cell) takeSpecials(list []Special, end int) (int, Errors) {
	mainAt, mainLine := end, 0
	for _, s := range list {
		text := strings.TrimLeft(s.Text[1:], " \t")
		if text == "" {
			continue
		}
		if s.Text[0] == '!' {
			s.Shell = true
			s.Text, s.Temp = strings.CutPrefix(text, "*")
			c.Specials = append(c.Specials, s)
			continue
		}
		if g := magic.FindStringSubmatch(s.Text); g != nil {
			return mainAt, c.Fail(s.Line, "%%%%%s can only stand on the first line of a cell", words(g[1])[0])
		}
		if strings.HasPrefix(text, "%-") { // %%-flag; any other word there is an unknown line
			text = "% " + text[1:]
		}
		s.Text, s.Words = text, words(text)
		switch name, args := s.Words[0], s.Words[1:]; name {
		case "%", "main":
			if mainLine > 0 {
				return mainAt, c.Fail(s.Line, "a second %%%% in one cell; the first, in line %d, already begins main", mainLine)
			}
			mainAt, mainLine, c.Args = s.at, s.Line, args
		case "exec":
			if len(args) == 0 {
				return mainAt, c.Fail(s.Line, "%%exec needs the name of a function")
			}
			if !token.IsIdentifier(args[0]) {
				return mainAt, c.Fail(s.Line, "%%exec needs the name of a function, and %q is none", args[0])
			}
			c.execAt, c.Exec, c.Args = s.at, args[0], args[1:]
		case "args":
			c.Args = args
		case "test":
			c.Test, c.Args = true, args
		default:
			c.Specials = append(c.Specials, s)
		}
	}
	if mainLine > 0 && (c.Exec != "" || c.Test) {
		return mainAt, c.Fail(mainLine, "%%%% and %%exec or %%test in one cell: only one can be main")
	}
	return mainAt, nil
}

// In a special line spaces end a word. Double quotes keep them in it; inside them a backslash takes the next
// character as it is, n and t being newline and tab.
var (
	word    = regexp.MustCompile(`(?s)(?:[^ \t\n"]|"(?:[^"\\]|\\.)*"?)+`)
	quoted  = regexp.MustCompile(`(?s)"((?:[^"\\]|\\.)*)"?`)
	escapes = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\\`, `\`, `\`, ``)
)

// words splits a special line.
func words(line string) []string {
	list := word.FindAllString(line, -1)
	for i, w := range list {
		list[i] = quoted.ReplaceAllStringFunc(w, func(q string) string { return escapes.Replace(quoted.FindStringSubmatch(q)[1]) })
	}
	return list
}
