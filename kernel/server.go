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
	"elboroom/kernel/cell"
	"elboroom/kernel/complete"
	"elboroom/kernel/run"
	"elboroom/kernel/wire"
)

const (
	linger   = 2 * time.Second // for what is queued, at the end
	maxQueue = 1 << 12         // cells that wait; whoever sends more waits
)

// connection is Jupyter's connection file.
type connection struct {
	Transport, IP, Key string
	ShellPort          int    `json:"shell_port"`
	IOPubPort          int    `json:"iopub_port"`
	StdinPort          int    `json:"stdin_port"`
	ControlPort        int    `json:"control_port"`
	HBPort             int    `json:"hb_port"`
	SignatureScheme    string `json:"signature_scheme"`
}

// server is one kernel at work.
type server struct {
	session               *wire.Session
	shell, control, stdin *wire.Router
	iopub                 *wire.Pub
	heart                 *wire.Rep
	ctx                   context.Context // done when the kernel ends
	end                   context.CancelFunc
	root                  string       // the temporary folder
	queue                 chan message // cells
	builder               *build.Builder
	completer             *complete.Completer

	moduleMu sync.Mutex
	made     bool // the temporary module is there

	turn    sync.Mutex         // held from a look at running to the status that says so
	mu      sync.Mutex         // of what is asked for beside a running cell
	running *message           // the cell under way
	stop    context.CancelFunc // interrupts it
	answers chan string        // of its question; nil when it has none
	mem     cell.Memory
	env     map[string]string
	dir     string // the notebook's folder
	history []entry

	// The rest belongs to the goroutine that runs cells.
	settings build.Settings // given to builder before each cell
	count    int            // In [count]
	runs     int            // processes started
	displays map[string]bool
	noValue  map[[32]byte]bool // programs whose trailing call turned out to have no value
}

// serve runs a kernel until it is told to end.
func serve(connectionFile string) error {
	parent := os.Getppid() // at once: it may be gone by the time that somebody can connect
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
	s := &server{session: wire.NewSession(c.Key), queue: make(chan message, maxQueue), env: map[string]string{},
		displays: map[string]bool{}, noValue: map[[32]byte]bool{}}
	if err := s.bind(c); err != nil {
		return err
	}
	s.ctx, s.end = signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer s.end()
	root, lock, err := run.TempRoot()
	if err != nil {
		return err
	}
	defer lock.Close()
	defer os.RemoveAll(root)
	module, cache := filepath.Join(root, "module"), ""
	if err := os.Mkdir(module, 0o700); err != nil {
		return err
	}
	if d, err := os.UserCacheDir(); err == nil && os.MkdirAll(filepath.Join(d, "elboroom-kernel"), 0o700) == nil {
		cache = filepath.Join(d, "elboroom-kernel")
	}
	s.root, s.builder = root, build.New(module, cache, log.Printf)
	s.completer = &complete.Completer{Builder: s.builder}
	s.setEnv(module, strings.TrimPrefix(strings.TrimSuffix(filepath.Base(connectionFile), ".json"), "kernel-"))
	go s.watch(parent)
	for _, r := range []*wire.Router{s.control, s.stdin, s.shell} {
		go s.listen(r)
	}
	go s.warm()
	if err := run.StartGuard(root); err != nil {
		log.Printf("no guard: %v", err)
	}
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

// setEnv fills in what cells see of their surroundings.
func (s *server) setEnv(module, kernelID string) {
	for _, e := range os.Environ() {
		if k, v, ok := strings.Cut(e, "="); ok {
			s.env[k] = v
		}
	}
	s.dir, _ = os.Getwd() // "" is the current folder as well
	s.env["GONB_DIR"] = s.dir
	s.env["GONB_TMP_DIR"] = module
	s.env["GONB_VERSION"] = gonbVersion
	s.env["GONB_JUPYTER_KERNEL_ID"] = kernelID
	if r := s.env["JUPYTER_SERVER_ROOT"]; r != "" {
		s.env["GONB_JUPYTER_ROOT"] = r
	}
}

// watch interrupts the cell on SIGINT, and ends the kernel when the Jupyter that started it is gone.
func (s *server) watch(parent int) {
	interrupts := make(chan os.Signal, 4)
	signal.Notify(interrupts, syscall.SIGINT)
	var look <-chan time.Time
	if os.Getenv("JPY_PARENT_PID") == fmt.Sprint(parent) {
		look = time.Tick(500 * time.Millisecond)
	}
	for {
		select {
		case <-interrupts:
			s.interrupt()
		case <-look:
			if os.Getppid() != parent {
				log.Print("Jupyter is gone: so am I")
				s.end()
			}
		}
	}
}

// warm does beforehand what the first cell would wait for.
func (s *server) warm() {
	err := s.ready()
	if err == nil {
		_, err = s.builder.Names(s.ctx, nil)
	}
	if err != nil {
		log.Print(err)
	}
}

// ready makes the temporary module where it is not there yet. Whoever asks may be interrupted; this is not.
func (s *server) ready() error {
	s.moduleMu.Lock()
	defer s.moduleMu.Unlock()
	if s.made {
		return nil
	}
	err := s.builder.InitModule(s.ctx, s.dir)
	s.made = err == nil
	return err
}
