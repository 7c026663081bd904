//go:build unix

package failover_test

import (
	"net"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// taken is a socket that keeps a port, and refuses connections to it until it is told to listen.
type taken int

// take takes a port, or any where it is 0. Several sockets can have the same.
func take(port int) (taken, error) {
	socket, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM, 0)
	if err != nil {
		return 0, err
	}
	if err := unix.SetsockoptInt(socket, unix.SOL_SOCKET, unix.SO_REUSEPORT, 1); err != nil {
		return 0, err
	}
	return taken(socket), unix.Bind(socket, &unix.SockaddrInet4{Addr: [4]byte(loopback.To4()), Port: port})
}

func (k taken) port() (int, error) {
	name, err := unix.Getsockname(int(k))
	if err != nil {
		return 0, err
	}
	address, ok := name.(*unix.SockaddrInet4)
	if !ok {
		return 0, unix.EAFNOSUPPORT
	}
	return address.Port, nil
}

// listen accepts connections from now on.
func (k taken) listen(t *testing.T) net.Listener {
	t.Helper()
	if err := unix.Listen(int(k), 16); err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(k), "listener")
	defer func() { _ = file.Close() }() // The listener has its own.
	listener, err := net.FileListener(file)
	if err != nil {
		t.Fatal(err)
	}
	return listener
}

// close gives the port up.
func (k taken) close() { _ = unix.Close(int(k)) }
