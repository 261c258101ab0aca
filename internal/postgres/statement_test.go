package postgres_test

import (
	"bytes"
	"database/sql"
	"errors"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// swallowing is the URL of a database that runs the first statement with a part, and whose answer to it is lost with
// the connection.
func swallowing(t *testing.T, database *pgtest.Database, part string) string {
	t.Helper()
	direct, err := url.Parse(database.AppURL)
	testkit.Must(t, err)
	query := direct.Query()
	network, address := "tcp", direct.Host
	if dir := query.Get("host"); strings.HasPrefix(dir, "/") {
		network, address = "unix", dir+"/.s.PGSQL.5432"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var lost atomic.Bool
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial(network, address)
			if err != nil {
				t.Error(err)
				return
			}
			var swallow atomic.Bool
			go carry(server, client, func([]byte) bool { return !swallow.Load() })
			prepared := false
			go carry(client, server, func(message []byte) bool {
				if prepared && message[0] == 'B' && !lost.Swap(true) { // Bind, and it runs
					swallow.Store(true)
				}
				prepared = prepared || bytes.Contains(message, []byte(part))
				return true
			})
		}
	}()
	query.Del("host")
	query.Del("port")
	direct.Host, direct.RawQuery = listener.Addr().String(), query.Encode()
	return direct.String()
}

// carry copies what comes until it may not.
func carry(from, to net.Conn, may func([]byte) bool) {
	defer func() { _, _ = from.Close(), to.Close() }()
	buffer := make([]byte, 1<<16)
	for {
		n, err := from.Read(buffer)
		if err != nil || !may(buffer[:n]) {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// TestAdvance_WhoseAnswerIsLost_IsUnconfirmed is for a rotation that was committed and that database/sql sends again:
// what the second run is refused for must not have the caller destroy the value that is current now.
func TestAdvance_WhoseAnswerIsLost_IsUnconfirmed(t *testing.T) {
	t.Parallel()
	for name, ifVersion := range map[string]*int32{"of a version": new(int32(1)), "of whichever is current": nil} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			s := f.secret(t, "stripe")
			db, err := postgres.Open(swallowing(t, f.Database, "retired AS ("))
			testkit.Must(t, err)
			t.Cleanup(func() { testkit.Must(t, db.Close()) })
			_, _, err = db.Secrets().Advance(t.Context(), secret.AdvanceRequest{
				SecretID:  s.ID,
				IfVersion: ifVersion,
				StoredValue: secret.StoredValue{
					Number:      100,
					Format:      secret.Text,
					Fingerprint: make([]byte, 32),
				},
				Retain: time.Hour,
			}, audit.Record(f.acme, audit.SecretRotated).On("secret", s.ID.String(), s.Name).Awaits("version").
				MayHave("sameValue"))
			if !errors.Is(err, fault.ErrUnconfirmed) {
				t.Errorf("got %v", err)
			}
			now, err := f.db.Secrets().KeptVersion(t.Context(), f.acme.Workspace, s.ID, 2)
			if testkit.Must(t, err); now.Number != 100 {
				t.Errorf("the value %d is current", now.Number)
			}
		})
	}
}

// beside runs do while a transaction that has run a statement goes on, and commits that once do waits for it.
func (f fixture) beside(t *testing.T, do func() error, statement string, args ...any) error {
	t.Helper()
	tx, err := open(t, f.SuperURL).BeginTx(t.Context(), nil)
	testkit.Must(t, err)
	_, err = tx.ExecContext(t.Context(), statement, args...)
	testkit.Must(t, err)
	done := make(chan error)
	go func() { done <- do() }()
	waitForLock(t, f)
	testkit.Must(t, tx.Commit())
	return <-done
}

// TestReveal_WaitingForADestruction_IsRefused looks at the version as it is once the secret is locked.
func TestReveal_WaitingForADestruction_IsRefused(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	f.rotate(t, s, false)
	e := audit.Record(f.acme, audit.SecretAccessed).AwaitsTarget("secret").Awaits("version")
	err := f.beside(t, func() error {
		_, err := f.db.Secrets().Reveal(t.Context(), secret.RevealTarget{SecretID: s.ID, Version: new(int32(1))}, e)
		return err
	}, `WITH locked AS (SELECT FROM secret WHERE id = $1 FOR UPDATE)
		UPDATE secret_version SET destroyed_at = now() WHERE secret_id = $1 AND version = 1 AND EXISTS (SELECT FROM locked)`,
		s.ID)
	if !fault.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
	found, err := f.db.AuditLog().Get(t.Context(), f.acme.Workspace, []audit.EventID{e.ID})
	if testkit.Must(t, err); len(found) > 0 {
		t.Errorf("it is on record: %v", found)
	}
}

// TestAdvance_EndingALeaseThatItWaitedFor_CountsIt is for an injection that commits while the rotation waits for it.
func TestAdvance_EndingALeaseThatItWaitedFor_CountsIt(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "stripe")
	c := f.inject(t, s)
	super := open(t, f.SuperURL)
	var pinned sql.NullInt32
	testkit.Must(t, super.QueryRow(`DELETE FROM lease_secret WHERE lease_id = $1 RETURNING version`, c.Under).
		Scan(&pinned))
	var ended any
	testkit.Must(t, f.beside(t, func() error { ended = f.rotate(t, s, true); return nil }, `
		WITH noted AS (UPDATE secret SET last_injected_at = now() WHERE id = $3 RETURNING workspace_id)
		INSERT INTO lease_secret (workspace_id, lease_id, secret_id, version) SELECT workspace_id, $1, $3, $2 FROM noted`,
		c.Under, pinned.Int32, s.ID))
	if ended != 1.0 {
		t.Errorf("the event says that %v leases were ended", ended)
	}
}
