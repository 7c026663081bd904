package cloud

import (
	"context"
	"crypto/tls"
	"net"
	"net/http/httptrace"
	"time"
)

// gate is what an attempt at a change passes once it has a connection, right before it is written. It is shut when the
// limit has ended, which is the caller's context with the sendLimit: nothing that was still connecting then is written.
// What has passed goes on for a moment after the caller's context has ended, since its answer may be on its way.
type gate struct {
	limit, caller context.Context
	cancel        context.CancelFunc
	// disarm keeps the end of the context that matters now from ending the attempt. It reports whether it came in time.
	disarm func() bool
	passed bool
}

// gated returns the context of an attempt that passes a gate, and whether it has, so that it may have been written.
func gated(limit, caller context.Context, timeout time.Duration) (context.Context, context.CancelFunc, func() bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(limit), timeout)
	g := &gate{limit: limit, caller: caller, cancel: cancel, disarm: context.AfterFunc(limit, cancel)}
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { g.arrive() },
		GotConn: func(info httptrace.GotConnInfo) { g.pass(info.Conn) },
	})
	return ctx, func() { g.disarm(); cancel() }, func() bool { return g.passed }
}

// arrive begins the way to a connection. The transport does that again only where nothing was written to the last one.
func (g *gate) arrive() {
	g.disarm()
	g.passed = false
	g.disarm = context.AfterFunc(g.limit, g.cancel)
}

// pass lets an attempt be written to its connection, or closes that.
func (g *gate) pass(conn net.Conn) {
	if !g.disarm() || g.limit.Err() != nil {
		g.cancel()
		// The transport does not look at the context again before it writes. TLS would write a goodbye.
		if encrypted, ok := conn.(*tls.Conn); ok {
			conn = encrypted.NetConn()
		}
		_ = conn.Close()
		return
	}
	g.passed = true
	g.disarm = context.AfterFunc(g.caller, func() { time.AfterFunc(answerGrace, g.cancel) })
}
