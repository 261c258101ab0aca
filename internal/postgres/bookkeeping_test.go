package postgres

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// bookkeeping are the transactions that may commit without an audit entry, with why.
var bookkeeping = map[string]string{
	// They change nothing that anybody asked for.
	"APIKeys.MarkUsed":           "when a key was last used",
	"Deletions.CountNext":        "how far a deletion has counted",
	"Deletions.ForgetFreed":      "which freed blobs storage has dropped",
	"Deletions.ReleaseLock":      "when a deletion goes on",
	"Deletions.TakeLock":         "who goes on with a deletion",
	"Idempotency.Claim":          "which calls are under way or done",
	"Idempotency.EndAttempt":     "which calls may be tried again",
	"Objects.ForgetBlob":         "which blobs storage has",
	"Reconciliations.BeginRun":   "how often a backend was compared with the database",
	"Reconciliations.EndRun":     "when a backend was last compared with the database",
	"Reconciliations.Quarantine": "what a backend has that no row explains",
	"Runs.Lease":                 "it reads; a refusal is recorded afterwards",
	"Secrets.DropPurged":         "the rows of a purge that is on record",
	"Secrets.GiveUp":             "which reservations cannot become secrets",
	"Secrets.LetGo":              "which names are held no longer",
	"Secrets.Reserve":            "which names are held while the vault is written",
	"Secrets.RotationFailed":     "why a rotation by schedule failed",
	"Secrets.VersionErased":      "which destroyed versions the vault has destroyed too",
	// They record an entry, unless there is nothing left to do.
	"APIKeys.Revoke":          "the key was revoked before",
	"Datastores.Update":       "the datastore was like that before",
	"Deletions.DeleteNext":    "a deletion that began on record is done",
	"Members.InviteAdmin":     "the admin was invited before",
	"Members.SetRole":         "the member had the role before",
	"Objects.share":           "the object was like that before",
	"References.Set":          "the consumer used the same secrets before",
	"Runs.EndLease":           "the lease had ended before",
	"Secrets.Abandon":         "no reservation was left to end",
	"Secrets.DestroyVersion":  "the version was destroyed before",
	"Secrets.DropReservation": "no reservation was left to drop",
	"Secrets.ExpireVersion": "the secret is gone, or being purged; " +
		"the version was destroyed before, or its time is not over",
	"Secrets.MarkPurged":      "the secret was marked before, or its time is not over",
	"Secrets.NoteRotationDue": "that it is due was on record before, or is no longer so",
	"Secrets.Update":          "the secret was like that before",
	"Tx.deleteObjects":        "how far a deletion has come, past newer objects",
	"TrustedDocuments.Set":    "the list was like that before",
	"Uploads.Commit":          "the upload had ended before",
	"Workspaces.Update":       "the workspace was like that before",
}

func TestBookkeeping_IsWhatTheTableLists(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				maps.Copy(found, reasons(t, f))
			}
		}
	}
	for name, why := range found {
		if bookkeeping[name] != why {
			t.Errorf("%s commits without an audit entry because %q; the table says %q", name, why, bookkeeping[name])
		}
	}
	for name := range bookkeeping {
		if found[name] == "" {
			t.Errorf("the table lists %s, which says no such thing", name)
		}
	}
}

// reasons are why a method's transactions need no entry, by `Type.Method`; empty if they need one.
func reasons(t *testing.T, f *ast.FuncDecl) map[string]string {
	t.Helper()
	var all []string
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if method, ok := call.Fun.(*ast.SelectorExpr); !ok || method.Sel.Name != "bookkeeping" {
			return true
		}
		why, ok := call.Args[0].(*ast.BasicLit)
		if !ok {
			t.Fatalf("%s: the reason is no text of its own", f.Name.Name)
		}
		text, err := strconv.Unquote(why.Value)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text)
		return true
	})
	if len(all) == 0 {
		return nil
	}
	of := strings.TrimPrefix(types.ExprString(f.Recv.List[0].Type), "*")
	return map[string]string{of + "." + f.Name.Name: strings.Join(all, "; ")}
}

// TestTransaction_NotAccountedFor_CommitsNothing looks for the rows that such transactions have written.
func TestTransaction_NotAccountedFor_CommitsNothing(t *testing.T) {
	t.Parallel()
	db, database := single(t)
	super, err := Open(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = super.Close() })
	for _, statement := range []string{
		`CREATE TABLE note (text text)`, `GRANT INSERT, SELECT ON note TO data_api_app`,
	} {
		if _, err := super.pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	e := audit.Record(authz.Actor{Who: authz.Who{Kind: authz.System}}, audit.SecretRotated)
	for name, account := range map[string]func(*Tx) error{
		"nothing is recorded":            func(*Tx) error { return nil },
		"a detail is still awaited":      func(tx *Tx) error { return tx.record(e.Awaits("version")) },
		"the target is still awaited":    func(tx *Tx) error { return tx.record(e.AwaitsTarget("secret")) },
		"a detail was not declared":      func(tx *Tx) error { return tx.record(e.Fill("version", 2)) },
		"the bookkeeping has no reason":  func(tx *Tx) error { tx.bookkeeping(""); return nil },
		"the reason comes with an error": func(tx *Tx) error { tx.bookkeeping("a test"); return errors.New("no") },
	} {
		err := db.transact(t.Context(), "", func(tx *Tx) error {
			if _, err := tx.exec(`INSERT INTO note VALUES ($1)`, name); err != nil {
				return err
			}
			return account(tx)
		})
		if err == nil || name != "the reason comes with an error" && !fault.Is(err, fault.Internal) {
			t.Errorf("%s: got %v, want INTERNAL", name, err)
		}
	}
	var kept []string
	if err := db.list(t.Context(), "", &kept, `SELECT text FROM note`); err != nil || len(kept) != 0 {
		t.Errorf("kept are %q, %v", kept, err)
	}
}
