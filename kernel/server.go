package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"elboroom/kernel/build"
	"elboroom/kernel/run"
	"elboroom/kernel/wire"
)

const (
	linger     = 2 * time.Second        // for what is queued, at the end
	firstHello = 300 * time.Millisecond // that the first reply waits for a subscriber to the outputs
	maxQueue   = 1 << 12                // cells that wait; whoever sends more waits
	abortAfter = 10 * time.Millisecond  // in which the cells that were sent along with a failed one arrive
)

// connection is Jupyter's connection file.
type connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       int    `json:"shell_port"`
	IOPubPort       int    `json:"iopub_port"`
	StdinPort       int    `json:"stdin_port"`
	ControlPort     int    `json:"control_port"`
	HBPort          int    `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
}

// server is one kernel at work.
type server struct {
	session               *wire.Session
	shell, control, stdin *wire.Router
	iopub                 *wire.Pub
	heart                 *wire.Rep

	ctx  context.Context // done when the kernel ends
	end  context.CancelFunc
	root string // the temporary folder

	queue chan wire.Message // execute requests

	busyMu  sync.Mutex
	running *wire.Message // the cell under way
	stop    context.CancelFunc

	answersMu sync.Mutex
	answers   map[string]chan string // of input requests, by the session that was asked

	*executor
}

// serve runs a kernel until it is told to end.
func serve(connectionFile string) error {
	data, err := os.ReadFile(connectionFile)
	if err != nil {
		return err
	}
	var c connection
	if err := json.Unmarshal(data, &c); err != nil {
		return fmt.Errorf("%s: %w", connectionFile, err)
	}
	if c.SignatureScheme != "" && c.SignatureScheme != "hmac-sha256" {
		return fmt.Errorf("the connection file wants the signature scheme %q; this kernel knows hmac-sha256", c.SignatureScheme)
	}
	s := &server{session: wire.NewSession(c.Key), queue: make(chan wire.Message, maxQueue), answers: map[string]chan string{}}
	if err := s.bind(c); err != nil {
		return err
	}
	s.ctx, s.end = context.WithCancel(context.Background())
	defer s.end()
	root, lock, err := run.TempRoot()
	if err != nil {
		return err
	}
	defer lock.Close()
	defer os.RemoveAll(root)
	s.root = root
	if s.executor, err = newExecutor(s, root, kernelID(connectionFile)); err != nil {
		return err
	}
	go func() {
		if err := run.StartGuard(root); err != nil {
			log.Printf("no guard: %v", err)
		}
	}()
	go s.watchSignals()
	go s.watchParent()
	go s.listen("control", s.control, s.onControl)
	go s.listen("stdin", s.stdin, s.onStdin)
	side := make(chan wire.Message, 256)
	go s.listen("shell", s.shell, func(m wire.Message) { s.onShell(m, side) })
	go func() {
		for m := range side {
			s.aside(m)
		}
	}()
	go s.warm()
	s.executeAll()
	var closing sync.WaitGroup
	for _, r := range []interface{ Close(time.Duration) }{s.shell, s.control, s.stdin, s.iopub, s.heart} {
		closing.Go(func() { r.Close(linger) })
	}
	closing.Wait()
	return nil
}

func (s *server) bind(c connection) (err error) {
	at := func(port int) wire.Endpoint { return wire.Endpoint{Transport: c.Transport, IP: c.IP, Port: port} }
	if s.iopub, err = wire.BindPub(at(c.IOPubPort), log.Printf, s.welcome); err != nil {
		return err
	}
	for _, r := range []struct {
		to   **wire.Router
		port int
	}{{&s.shell, c.ShellPort}, {&s.control, c.ControlPort}, {&s.stdin, c.StdinPort}} {
		if *r.to, err = wire.BindRouter(at(r.port), log.Printf); err != nil {
			return err
		}
	}
	s.heart, err = wire.BindRep(at(c.HBPort), log.Printf)
	return err
}

// kernelID is the id in the name of a connection file, kernel-….json.
func kernelID(path string) string {
	return strings.TrimPrefix(strings.TrimSuffix(filepath.Base(path), ".json"), "kernel-")
}

// watchSignals: SIGINT interrupts the cell, SIGTERM and SIGHUP end the kernel.
func (s *server) watchSignals() {
	ch := make(chan os.Signal, 4)
	signal.Notify(ch, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	for sig := range ch {
		if sig == syscall.SIGINT {
			s.interrupt()
			continue
		}
		s.end()
	}
}

// watchParent ends the kernel when the Jupyter that started it is gone.
func (s *server) watchParent() {
	parent := os.Getppid()
	if os.Getenv("JPY_PARENT_PID") != fmt.Sprint(parent) {
		return
	}
	for s.ctx.Err() == nil {
		time.Sleep(500 * time.Millisecond)
		if os.Getppid() != parent {
			log.Print("Jupyter is gone: so am I")
			s.end()
			return
		}
	}
}

// newBuilder makes the builder of a kernel in its temporary folder.
func newBuilder(root string) (*build.Builder, error) {
	dir := filepath.Join(root, "module")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	cache := ""
	if d, err := os.UserCacheDir(); err == nil {
		cache = filepath.Join(d, "elboroom-kernel")
	}
	return build.New(dir, cache, log.Printf), nil
}
