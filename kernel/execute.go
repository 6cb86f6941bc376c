package main

import (
	"context"
	"errors"
	"maps"
	"os"
	"slices"
	"time"

	"elboroom/kernel/cell"
	"elboroom/kernel/run"
)

const (
	maxHistory = 1000                  // cells that history_request can give back
	abortAfter = 10 * time.Millisecond // in which the cells that were sent along with a failed one arrive
)

// executeAll runs the cells of the queue, one after the other, until the kernel ends.
func (s *server) executeAll() {
	for {
		select {
		case m := <-s.queue:
			s.executeOne(m)
		case <-s.ctx.Done():
			return
		}
	}
}

// executeOne runs one cell and answers.
func (s *server) executeOne(m message) {
	ctx, stop := context.WithCancel(s.ctx)
	defer stop()
	s.setRunning(&m, stop)
	s.status(m, "busy")
	reply := s.execute(ctx, m)
	var aborted []message
	if reply["status"] == "error" && isTrue(m.ask.StopOnError) && !m.ask.Silent {
		aborted = s.takeQueue()
	}
	s.send(s.shell, m.Peers, m, "execute_reply", reply)
	s.turn.Lock()
	s.setRunning(nil, nil)
	s.status(m, "idle")
	s.turn.Unlock()
	for _, m := range aborted {
		s.status(m, "busy")
		s.send(s.shell, m.Peers, m, "execute_reply", content{"status": "aborted", "execution_count": s.count})
		s.status(m, "idle")
	}
}

func (s *server) setRunning(m *message, stop context.CancelFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.stop = m, stop
}

// isTrue reads a flag that is set where nothing is said of it.
func isTrue(b *bool) bool { return b == nil || *b }

// takeQueue empties the queue of the cells that were sent along with one that failed. What is sent after its reply
// is not among them.
func (s *server) takeQueue() (list []message) {
	time.Sleep(abortAfter)
	for {
		select {
		case m := <-s.queue:
			list = append(list, m)
		default:
			return list
		}
	}
}

// execute runs a cell and makes the content of its reply.
func (s *server) execute(ctx context.Context, m message) content {
	store := !m.ask.Silent && isTrue(m.ask.StoreHistory)
	if store {
		s.count++
	}
	j := &job{server: s, m: m, n: max(s.count, 1)}
	j.publish("execute_input", content{"code": m.ask.Code, "execution_count": j.n})
	err := j.obey(ctx)
	if j.capture != nil {
		err = errors.Join(err, j.capture.Close())
	}
	if store {
		s.mu.Lock()
		s.history = append(s.history, entry{j.n, m.ask.Code, j.value})
		s.history = s.history[max(0, len(s.history)-maxHistory):]
		s.mu.Unlock()
	}
	if err != nil {
		f := j.explain(ctx, err)
		c := content{"ename": f.name, "evalue": f.value, "traceback": f.trace}
		j.publish("error", maps.Clone(c))
		c["status"], c["execution_count"] = "error", j.n
		return c
	}
	if j.hasValue {
		j.publish("execute_result", content{"execution_count": j.n, "data": content{"text/plain": j.value}, "metadata": content{}})
	}
	values := content{}
	for k := range m.ask.UserExpressions {
		values[k] = unsupported("Go cells leave no values behind")
	}
	return content{"status": "ok", "execution_count": j.n, "payload": []any{}, "user_expressions": values}
}

// job is one cell under way. It is the sink of its processes.
type job struct {
	*server
	m        message
	n        int // its number
	c        *cell.Cell
	capture  *os.File
	password bool   // %with_password was given
	value    string // of the trailing expression
	hasValue bool
}

// publish sends an output of the cell, unless it is to be silent.
func (j *job) publish(kind string, c content) error {
	if j.m.ask.Silent {
		return nil
	}
	return j.server.publish(j.m, kind, c)
}

// obey does what the cell says.
func (j *job) obey(ctx context.Context) (err error) {
	if j.c, err = cell.Parse(j.n, j.m.ask.Code); err != nil {
		return err
	}
	if j.c.Magic != nil {
		return j.magic(ctx)
	}
	for _, s := range j.c.Specials {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := j.special(ctx, s); err != nil {
			return err
		}
	}
	j.settings.Env = j.environ()
	j.builder.Use(j.settings)
	if !j.c.HasGo {
		return nil
	}
	if err := j.ready(); err != nil {
		return err
	}
	bin, err := j.compile(ctx)
	if err != nil || bin == "" {
		return err
	}
	args := j.c.Args
	if j.c.Test && len(args) == 0 {
		args = j.c.TestArgs()
	}
	return j.process(ctx, run.Command{Path: bin, Args: args, Displays: true, Stdin: j.m.ask.AllowStdin})
}

// environ is the environment of cells.
func (s *server) environ() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	env := make([]string, 0, len(s.env))
	for _, k := range slices.Sorted(maps.Keys(s.env)) {
		env = append(env, k+"="+s.env[k])
	}
	return env
}
