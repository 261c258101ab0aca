package postgres

import (
	"bytes"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/pgtest"
)

func TestOutage_OfManyRequests_IsALineWhenItBeginsAndALineWhenItEnds(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	db := opened(t, database.AppURL)
	var log bytes.Buffer
	db.LogOutages(slog.New(slog.NewTextHandler(&log, nil)))
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	super, err := url.Parse(database.SuperURL)
	if err != nil {
		t.Fatal(err)
	}
	super.Path = "/postgres"
	elsewhere := opened(t, super.String())
	for _, statement := range []string{
		`ALTER DATABASE ` + database.Name + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '` + database.Name + `'`,
	} {
		if _, err := elsewhere.pool.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	for outages := 0; outages < 5; {
		err := db.Ping(t.Context())
		if !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
		if errors.Is(err, fault.ErrOutage) {
			outages++
		}
	}
	if !db.Away() {
		t.Error("it is not away")
	}
	if _, err := elsewhere.pool.Exec(`ALTER DATABASE ` + database.Name + ` ALLOW_CONNECTIONS true`); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		if err := db.Check(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if db.Away() {
		t.Error("it is away still")
	}
	lines := strings.Split(strings.TrimSpace(log.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `level=WARN msg="the database is away" error=`) ||
		!strings.Contains(lines[1], `level=INFO msg="the database is back" away=`) {
		t.Errorf("the log says:\n%s", &log)
	}
}

func TestConnect_WhatTheURLHasWrong_IsNamedToTheOperatorAlone(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	askForPassword(t, database)
	for url, say := range map[string]string{
		strings.Replace(database.AppURL, "data_api_app@", "data_api_app:hunter2@", 1): "The database refuses the " +
			"password of data_api_app: correct the database URL.",
		strings.Replace(database.OwnerURL, "data_api_owner", "nobody_there", 1): "The database does not let nobody_there " +
			"in: look at the role's name, and at pg_hba.conf.",
		strings.Replace(database.OwnerURL, database.Name, "not_there", 1): `There is no database "not_there" on that ` +
			`server: correct the database URL.`,
	} {
		db := opened(t, url)
		err := db.Check(t.Context())
		for strings.Contains(say, "password") && err == nil { // the server reads its file anew in its own time
			db = opened(t, url)
			err = db.Check(t.Context())
		}
		wantSay(t, ForOperator(err), say)
		wantSay(t, db.Ping(t.Context()), "The database lets nobody in: nothing was done. The server's log says why.")
	}
}

// askForPassword has the server want a password of the app role, which has one, in this database.
func askForPassword(t *testing.T, database *pgtest.Database) {
	t.Helper()
	super := opened(t, database.SuperURL)
	var path string
	if err := super.pool.Get(&path, `SHOW hba_file`); err != nil {
		t.Fatal(err)
	}
	rules, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rules = append([]byte("local "+database.Name+" data_api_app scram-sha-256\n"), rules...)
	if err := os.WriteFile(path, rules, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := super.pool.Exec(`SELECT pg_reload_conf()`); err != nil {
		t.Fatal(err)
	}
}

func wantSay(t *testing.T, err error, say string) {
	t.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Unavailable || f.Say != say {
		t.Errorf("got %v, want %q", err, say)
	}
}

func TestOutage_OfAnAttemptFromBeforeItWasOver_IsNoOther(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	o := outage{log: slog.New(slog.NewTextHandler(&log, nil))}
	from := time.Now()
	o.end()
	if err := o.begin(from, errors.New("refused")); errors.Is(err, fault.ErrOutage) || log.Len() > 0 {
		t.Errorf("got %v, which nothing in the log stands for: %s", err, &log)
	}
	_ = o.begin(o.back.Add(1), errors.New("refused"))
	during := time.Now()
	o.end()
	log.Reset()
	if err := o.begin(during, errors.New("refused")); !errors.Is(err, fault.ErrOutage) || log.Len() > 0 {
		t.Errorf("got %v of an outage that is over, and the log says %s", err, &log)
	}
	if _ = o.begin(o.back.Add(1), errors.New("refused")); !strings.Contains(log.String(), "the database is away") {
		t.Errorf("the next one is not in the log: %s", &log)
	}
}
