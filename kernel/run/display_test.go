package run

import (
	"bytes"
	"context"
	"encoding/gob"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// stream is what a program writes to GONB_PIPE.
func stream(t testing.TB, list ...Display) []byte {
	var b bytes.Buffer
	enc := gob.NewEncoder(&b)
	for _, d := range list {
		if err := enc.Encode(d); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestDecoderTakesAnyPieces(t *testing.T) {
	raw := stream(t,
		Display{Data: map[string]any{"text/html": "<b>1</b>"}},
		Display{Data: map[string]any{keyComm: CommValue{Address: syncAddress, Value: 7}}},
		Display{Data: map[string]any{keyInput: InputRequest{Prompt: "?"}}, DisplayID: "a"},
		Display{Data: map[string]any{"application/json": map[string]any{"a": []any{1, "b"}}}, Metadata: map[string]any{"x": map[string]any{"w": 80}}},
	)
	for _, size := range []int{1, 2, 3, 7, 100, len(raw)} {
		var d decoder
		var got []Display
		for i := 0; i < len(raw); i += size {
			shown, errs := d.feed(raw[i:min(i+size, len(raw))])
			for _, err := range errs {
				t.Fatalf("pieces of %d: %v", size, err)
			}
			got = append(got, shown...)
		}
		if len(got) != 4 {
			t.Fatalf("pieces of %d: %d displays, want 4", size, len(got))
		}
		if c := got[1].Data[keyComm].(CommValue); c.Value != 7 || c.Address != syncAddress {
			t.Errorf("pieces of %d: %+v", size, c)
		}
	}
}

// nobody is a sink that shows nothing.
type nobody struct{}

func (nobody) Stream(string, []byte)                              {}
func (nobody) Display(Display)                                    {}
func (nobody) Input(context.Context, string, bool) (string, bool) { return "", false }

// TestNobodyReadsAnswers: a program that flushes and never reads is waited for once, not once for each flush.
func TestNobodyReadsAnswers(t *testing.T) {
	flushes := slices.Repeat([]Display{{Data: map[string]any{keyComm: CommValue{Address: syncAddress, Value: 7}}}}, 5000)
	file := filepath.Join(t.TempDir(), "displays")
	if err := os.WriteFile(file, stream(t, flushes...), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := Command{Path: "/bin/sh", Args: []string{"-c", `cat "$0" >"$GONB_PIPE"`, file}, Env: os.Environ(),
		Scratch: filepath.Join(t.TempDir(), "run"), Displays: true}
	ended := make(chan error, 1)
	go func() {
		_, err := Run(context.Background(), context.Background(), cmd, nobody{})
		ended <- err
	}()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(20 * time.Second):
		t.Error("it is waited for again and again")
	}
}

// FuzzDisplays: no bytes in GONB_PIPE end the kernel, and what follows a good stream is still read.
func FuzzDisplays(f *testing.F) {
	good := stream(f, Display{Data: map[string]any{"text/plain": "a"}}, Display{Data: map[string]any{keyComm: CommValue{Address: "x", Value: 1}}})
	f.Add(good, 3)
	f.Add([]byte{0xf8, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, 1)
	f.Add([]byte("\x03\xff\x80"), 2)
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		size = max(1, min(size, 1000))
		var d decoder
		defer d.close()
		for i := 0; i < len(data); i += size {
			d.feed(data[i:min(i+size, len(data))])
		}
	})
}
