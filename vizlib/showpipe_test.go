//go:build unix

package vizlib

import (
	"bytes"
	"encoding/gob"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// kernelEnd plays the kernel: it reads displays, acknowledges flushes, and hands over what it was shown.
func kernelEnd(t *testing.T) (out, back string, shown <-chan displayed) {
	t.Helper()
	dir := t.TempDir()
	out, back = filepath.Join(dir, "out"), filepath.Join(dir, "back")
	for _, p := range []string{out, back} {
		if err := syscall.Mkfifo(p, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got := make(chan displayed, 16)
	go func() {
		defer close(got)
		in, err := os.Open(out)
		if err != nil {
			return
		}
		defer in.Close()
		w, err := os.OpenFile(back, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		defer w.Close()
		dec, enc := gob.NewDecoder(in), gob.NewEncoder(w)
		for {
			var d displayed
			if dec.Decode(&d) != nil {
				return
			}
			if v, ok := d.Data[commKey].(commValue); ok {
				if v.Address != syncAddress || enc.Encode(commValue{Address: ackAddress, Value: v.Value}) != nil {
					return
				}
				continue
			}
			got <- d
		}
	}()
	return out, back, got
}

func TestDisplayReachesTheKernel(t *testing.T) {
	out, back, shown := kernelEnd(t)
	p, err := openPipe(out, back)
	if err != nil {
		t.Fatal(err)
	}
	bundle, err := bundleOf(threeCurves(3))
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // one stream for all displays; each is there when display returns
		if err := p.display(bundle); err != nil {
			t.Fatal(err)
		}
		select {
		case d := <-shown:
			page, _ := d.Data["text/html"].(string)
			still, _ := d.Data["image/png"].([]byte)
			words, _ := d.Data["text/plain"].(string)
			if !strings.HasPrefix(page, `<div class="elboroom"`) {
				t.Errorf("text/html begins with %.40q", page)
			}
			if _, err := png.Decode(bytes.NewReader(still)); err != nil {
				t.Errorf("image/png: %v", err)
			}
			if words == "" || len(d.Data) != 3 || d.DisplayID != "" {
				t.Errorf("the display has %d forms, id %q and the words %q", len(d.Data), d.DisplayID, words)
			}
		case <-time.After(10 * time.Second):
			t.Fatal("display returned before the kernel had the display")
		}
	}
}

func TestKernelThatGoesAway(t *testing.T) {
	dir := t.TempDir()
	out, back := filepath.Join(dir, "out"), filepath.Join(dir, "back")
	for _, p := range []string{out, back} {
		if err := syscall.Mkfifo(p, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	go func() { // reads what comes, closes the way back without a word
		in, err := os.Open(out)
		if err != nil {
			return
		}
		defer in.Close()
		w, err := os.OpenFile(back, os.O_WRONLY, 0)
		if err != nil {
			return
		}
		w.Close()
		var sink bytes.Buffer
		_, _ = sink.ReadFrom(in)
	}()
	p, err := openPipe(out, back)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.display(map[string]any{"text/plain": "x"}); err == nil || !strings.Contains(err.Error(), "stopped answering") {
		t.Errorf("the error is %v, want that the kernel stopped answering", err)
	}
	if _, err := openPipe(filepath.Join(dir, "none"), ""); err == nil {
		t.Error("a pipe that is not there opened")
	}
}

func TestShowWritesAFile(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	first, err := showFile(threeCurves(2))
	if err != nil {
		t.Fatal(err)
	}
	again, err := showFile(threeCurves(2))
	if err != nil {
		t.Fatal(err)
	}
	if first != again || !strings.Contains(filepath.Base(first), "two-bumps-") {
		t.Errorf("the same picture went to %s and %s", first, again)
	}
	page, err := os.ReadFile(first)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(page, []byte("<!DOCTYPE html>")) {
		t.Errorf("the page begins with %.40q", page)
	}
}
