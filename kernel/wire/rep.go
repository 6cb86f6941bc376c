package wire

// Rep answers every message with itself: Jupyter's heartbeat.
type Rep struct{ *socket }

// BindRep opens a REP socket that echoes.
func BindRep(e Endpoint, logf func(string, ...any)) (*Rep, error) {
	s, err := bind(e, logf)
	if err != nil {
		return nil, err
	}
	go s.accept("REP", []string{"REQ", "DEALER"}, func(p *peer) error {
		for {
			parts, err := next(p, nil)
			if err != nil {
				return err
			}
			p.send(appendMessage(nil, parts))
		}
	})
	return &Rep{s}, nil
}

// Close ends the heartbeat.
func (r *Rep) Close() { r.close(0) }
