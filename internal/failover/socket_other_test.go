//go:build !unix

package failover_test

import (
	"errors"
	"net"
	"testing"
)

// taken needs sockets that share a port, which not every system has.
type taken int

func take(int) (taken, error) { return 0, errors.ErrUnsupported }

func (taken) port() (int, error) { return 0, errors.ErrUnsupported }

func (taken) listen(t *testing.T) net.Listener {
	t.Helper()
	t.Fatal(errors.ErrUnsupported)
	return nil
}

func (taken) close() {}
