package vizlib

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"
)

// The engine is what makes a page interactive: the parts of Apache ECharts that figures use, bundled by
// bundle/build.mjs, and the shell, our own script that shows figures with it. It stands once in a page.
//
// A build without the bundle works: its pages load ECharts from its public CDN, checked by its hash, and so
// need a network.

//go:embed all:engine
var engineFiles embed.FS

//go:embed bundle/shell
var shellFiles embed.FS

// figureFormat is the version of what HTML writes. A shell shows figures of its own format and leaves others alone.
const figureFormat = "2"

// The stock build of ECharts, for pages of a build without the bundle.
const (
	stockEngine    = "https://cdn.jsdelivr.net/npm/echarts@5.6.0/dist/echarts.min.js"
	stockIntegrity = "sha384-pPi0zxBAoDu6+JXW/C68UZLvBUUtU+7zonhif43rqj7pxsGyqyqzcian2Rj37Rss"
)

// bundledEngine is the bundle as gzip, nil in a build without it.
func bundledEngine() []byte {
	b, err := fs.ReadFile(engineFiles, "engine/echarts.js.gz")
	if err != nil {
		return nil
	}
	return b
}

// shellParts are the shell's files in the order in which they are joined.
var shellParts = [...]string{"decode.js", "ground.js", "marks.js", "legend.js", "values.js", "view.js", "hover.js", "player.js", "explorer.js", "tools.js", "page.js", "start.js"}

// engineScript is the script that puts shell and engine on a page; a nil engine comes from the CDN. Both travel as
// base64'd gzip, which keeps notebooks small.
func engineScript(engine []byte) string {
	source := map[string]string{"url": stockEngine, "integrity": stockIntegrity}
	if engine != nil {
		source = map[string]string{"gzip": base64.StdEncoding.EncodeToString(engine)}
	}
	return fmt.Sprintf("(async function (shell, source) {\n%snew Function(\"inflate\", \"source\", await inflate(shell))(inflate, source);\n})(%s, %s);\n",
		shellFile("inflate.js"), mustJSON(base64.StdEncoding.EncodeToString(gzipped([]byte(shellScript())))), mustJSON(source))
}

// shellScript is the body of a function of inflate, which unpacks, and source, where the engine comes from.
func shellScript() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\"use strict\";\nconst FORMAT = %s;\nconst CSS_TEXT = %s;\nconst DARK = %s;\n", mustJSON(figureFormat), mustJSON(shellFile("shell.css")), mustJSON(darkOfLight()))
	for _, name := range shellParts {
		b.WriteString(shellFile(name))
	}
	b.WriteString("start(source);\n")
	return b.String()
}

// shellFile is one embedded file of the shell.
func shellFile(name string) string {
	b, err := fs.ReadFile(shellFiles, "bundle/shell/"+name)
	if err != nil {
		panic("vizlib: the shell lacks a file that it is built with: " + err.Error())
	}
	return string(b)
}

// packed is a figure's data as base64'd gzip. The same data give the same bytes.
func packed(d figureData) (string, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return "", fmt.Errorf("vizlib: the figure does not fit JSON: %w", err)
	}
	return base64.StdEncoding.EncodeToString(gzipped(text)), nil
}

// gzipped is text packed as small as it gets.
func gzipped(text []byte) []byte {
	var buf bytes.Buffer
	z, err := gzip.NewWriterLevel(&buf, gzip.BestCompression)
	if err == nil {
		_, err = z.Write(text)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil { // a level that exists, and a buffer that takes all
		panic("vizlib: gzip: " + err.Error())
	}
	return buf.Bytes()
}
