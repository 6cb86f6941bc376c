package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// displayer is a cell's own side of GoNB's display protocol: a display, and the flush before the end.
const displayer = `
import ("encoding/gob"; "os"; "bufio")
type shown struct { Data map[string]any; Metadata map[string]any; DisplayID string }
type comm struct { Address string; Request bool; Value any }
type pipes struct { enc *gob.Encoder; out *bufio.Writer }
func open() pipes {
	gob.RegisterName("github.com/janpfeifer/gonb/gonbui/protocol.CommValue", comm{})
	gob.Register(map[string]any{})
	gob.Register([]any{})
	f, err := os.OpenFile(os.Getenv("GONB_PIPE"), os.O_WRONLY, 0)
	if err != nil { panic(err) }
	return pipes{enc: gob.NewEncoder(f)}
}
func (p pipes) show(text, id string) {
	if err := p.enc.Encode(shown{Data: map[string]any{"text/plain": text}, DisplayID: id}); err != nil { panic(err) }
}
func (p pipes) sync() any {
	back, err := os.OpenFile(os.Getenv("GONB_PIPE_BACK"), os.O_RDONLY, 0)
	if err != nil { panic(err) }
	if err := p.enc.Encode(shown{Data: map[string]any{"gonb/comm_value": comm{Address: "#gonbui/sync", Value: 7}}}); err != nil { panic(err) }
	var c comm
	if err := gob.NewDecoder(back).Decode(&c); err != nil { panic(err) }
	return fmt.Sprint(c.Address, c.Value)
}
`

func TestDisplays(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, displayer, "ok")
	r := execute(t, k, "%%\np := open()\nfmt.Println(\"a\")\np.show(\"b\", \"\")\nfmt.Println(\"c\")\nfmt.Fprintln(os.Stderr, \"d\")\np.show(\"e\", \"\")\nfmt.Println(p.sync())", "ok")
	if got, want := strings.Join(r.Order, " "), "stdout:a display:b stdout:c stderr:d display:e stdout:#gonbui/sync_ack7"; got != want {
		t.Errorf("the order is %s, want %s", got, want)
	}
	r = execute(t, k, "%%\np := open()\np.show(\"1\", \"id\")\np.show(\"2\", \"id\")\np.sync()", "ok")
	if len(r.Displays) != 1 || len(r.Updates) != 1 {
		t.Errorf("%d displays and %d updates, want one of each", len(r.Displays), len(r.Updates))
	}
	if r = execute(t, k, "%%\np := open()\np.show(\"3\", \"id\")", "ok"); len(r.Displays) != 0 || len(r.Updates) != 1 {
		t.Errorf("from another cell: %d displays and %d updates, want an update", len(r.Displays), len(r.Updates))
	}
	r = execute(t, k, `%%
p := open()
p.enc.Encode(shown{Data: map[string]any{"text/html": "<b>x</b>", "image/png": []byte{1, 2}, "application/json": map[string]any{"a": []any{1, "b"}}},
	Metadata: map[string]any{"image/png": map[string]any{"width": 80}}})`, "ok")
	if got := fmt.Sprint(r.Displays[0]["data"], r.Displays[0]["metadata"]); got != "map[application/json:map[a:[1 b]] image/png:AQI= text/html:<b>x</b>] map[image/png:map[width:80]]" {
		t.Errorf("a display of several kinds is %s", got)
	}
	r = execute(t, k, "%%\np := open()\nfor i := range 20000 { p.show(fmt.Sprint(i), \"\") }", "ok") // without a flush
	if len(r.Displays) != 20000 {
		t.Errorf("%d of 20000 displays arrived", len(r.Displays))
	}
	r = execute(t, k, "%%\np := open()\np.enc.Encode(shown{Data: map[string]any{\"application/json\": math.NaN()}})\np.show(\"after\", \"\")", "ok")
	if len(r.Displays) != 1 || !strings.Contains(r.Stderr, "a display was dropped: json: unsupported value: NaN") {
		t.Errorf("after a display that JSON cannot hold: %d displays, stderr %q", len(r.Displays), r.Stderr)
	}
	r = execute(t, k, "type odd struct{ X int }\n%%\ngob.Register(odd{})\np := open()\np.enc.Encode(shown{Data: map[string]any{\"text/plain\": odd{1}}})\np.show(\"after\", \"\")", "ok")
	if len(r.Displays) != 1 || !strings.Contains(r.Stderr, "dropped") {
		t.Errorf("after a display of an unknown type: %d displays, stderr %q", len(r.Displays), r.Stderr)
	}
	execute(t, k, "%%\nf, _ := os.OpenFile(os.Getenv(\"GONB_PIPE\"), os.O_WRONLY, 0)\nf.Write(bytes.Repeat([]byte{0xff, 0x80, 3}, 100000))", "ok")
}

// TestOrder writes to three pipes in a random order.
func TestOrder(t *testing.T) {
	k := start(t, t.TempDir())
	execute(t, k, displayer, "ok")
	r := execute(t, k, `%%
p := open()
r := rand.New(rand.NewPCG(1, 2))
for i := range 2000 {
	switch r.IntN(3) {
	case 0:
		fmt.Println(i)
	case 1:
		fmt.Fprintln(os.Stderr, i)
	case 2:
		p.show(fmt.Sprint(i), "")
	}
}
p.sync()`, "ok")
	wrong := 0
	for i, o := range r.Order {
		if _, n, _ := strings.Cut(o, ":"); n != strconv.Itoa(i) {
			wrong++
		}
	}
	if len(r.Order) != 2000 || wrong > 0 {
		t.Errorf("%d outputs, %d of them out of place, want 2000 and none", len(r.Order), wrong)
	}
}

func TestMuchOutput(t *testing.T) {
	k := start(t, t.TempDir())
	r := execute(t, k, "line := strings.Repeat(\"x\", 99)\nfor range 100000 { fmt.Println(line) }", "ok")
	if len(r.Stdout) != 10_000_000 {
		t.Errorf("%d bytes of 10 MB arrived", len(r.Stdout))
	}
	t.Logf("10 MB in 100,000 lines took %v", r.Took)
	r = execute(t, k, "os.Stdout.Write(make([]byte, 30<<20))", "ok")
	if len(r.Stdout) < 10<<20 || !strings.Contains(r.Stderr, "stdout was cut: 21.0 MB more than the limit of 10.5 MB") {
		t.Errorf("%d bytes, stderr %q", len(r.Stdout), r.Stderr)
	}
	execute(t, k, "%env GONB_OUTPUT_LIMIT 1K", "ok")
	if r = execute(t, k, "strings.Repeat(\"z\", 5000)", "ok"); len(r.Result) != 1024 || !strings.Contains(r.Stderr, "the value was cut") {
		t.Errorf("a value of %d bytes, stderr %q, want 1024", len(r.Result), r.Stderr)
	}
	if r = execute(t, k, "fmt.Print(strings.Repeat(\"y\", 5000))", "ok"); len(r.Stdout) != 1024 {
		t.Errorf("%d bytes, want 1024", len(r.Stdout))
	}
}
