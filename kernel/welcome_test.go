package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"elboroom/kernel/kerneltest"
)

// TestWelcome: a client that comes later hears at once that it hears, and whether a cell is under way.
func TestWelcome(t *testing.T) {
	k := start(t, t.TempDir())
	hears := func() string {
		t.Helper()
		c, err := kerneltest.Dial(fmt.Sprintf("127.0.0.1:%d", k.Ports["iopub"]), "SUB", "")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		if err := c.Send([]byte{1}); err != nil {
			t.Fatal(err)
		}
		var said []string
		for range 2 {
			m, err := c.Receive()
			if err != nil || len(m) != 7 {
				t.Fatalf("%q, %v", m, err)
			}
			_, kind, _ := strings.Cut(string(m[3]), `"msg_type":"`)
			kind, _, _ = strings.Cut(kind, `"`)
			said = append(said, kind+" "+string(m[6]))
		}
		return strings.Join(said, ", ")
	}
	welcome := `iopub_welcome {"subscription":""}, status {"execution_state":%q}`
	if got, want := hears(), fmt.Sprintf(welcome, "idle"); got != want {
		t.Errorf("an idle kernel says %s, want %s", got, want)
	}
	id := k.Request("shell", "execute_request", kerneltest.Content{"code": "!sleep 60", "silent": false, "store_history": true, "allow_stdin": false, "stop_on_error": true})
	eventually(t, "the cell is under way", func() bool {
		m := <-k.Outputs
		return m.Parent == id && m.Type == "execute_input"
	})
	if got, want := hears(), fmt.Sprintf(welcome, "busy"); got != want {
		t.Errorf("a busy kernel says %s, want %s", got, want)
	}
	k.Request("control", "interrupt_request", kerneltest.Content{})
	if _, err := k.Reply(id, patience); err != nil {
		t.Error(err)
	}
}
