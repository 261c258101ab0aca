package command

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/login"
)

// red is what a terminal obeys: an escape sequence, one of a single character, and one that turns the line around.
const red = "\x1b[31m\u009b31m\u202e"

// TestOutput_OfWhatServersSay_HasNothingThatATerminalObeys has a server that answers with escape sequences everywhere,
// its status line included.
func TestOutput_OfWhatServersSay_HasNothingThatATerminalObeys(t *testing.T) {
	t.Parallel()
	answering := answersRaw(t, "HTTP/1.1 500 "+red+"\r\nContent-Length: 0\r\n\r\n")
	_, err := whoamiCommand{signedIn: signedIn{API: answering}}.ask(t.Context(), "token")
	if err == nil {
		t.Fatal("a server that fails was taken")
	}

	var v viewer
	v.Viewer.Role, v.Viewer.Workspace = red, &space{ID: red, Name: red, Region: red}
	inOne := v.text(login.Session{})
	v.Viewer.Workspace, v.Workspaces = nil, []space{{ID: red, Name: red, Region: red}}
	for name, text := range map[string]string{
		"a status":    sentence(err),
		"a cause":     sentence(fault.New(fault.Unavailable, "It fails.").Because(errors.New(red))),
		"an error":    sentence(errors.New(red)),
		"several":     sentence(errors.Join(errors.New(red), errors.New(red))),
		"a workspace": inOne,
		"a choice":    v.text(login.Session{}),
	} {
		if strings.ContainsAny(text, "\x1b\u009b\u202e") {
			t.Errorf("%s: %q", name, text)
		}
	}
}

// answersRaw is the address of a server that answers the first request so.
func answersRaw(t *testing.T, text string) string {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err == nil {
			_ = c.SetDeadline(time.Now().Add(time.Minute))
			_, err = c.Read(make([]byte, 1<<14))
			_, _ = io.WriteString(c, text)
			err = errors.Join(err, c.Close())
		}
		served <- err
	}()
	t.Cleanup(func() {
		_ = l.Close()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}
