package postgres

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const identMap = "data_api"

var settingName = regexp.MustCompile(`^[a-z][a-z0-9_.]*$`)

// configure writes the server's configuration, and makes the directory of its socket.
func configure(at layout, runAs account, extra map[string]string) error {
	own, err := settingLines(ownSettings(at))
	if err != nil {
		return err
	}

	more, err := settingLines(extra)
	if err != nil {
		return err
	}

	idents, err := identLines(runAs)
	if err != nil {
		return err
	}

	err = errors.Join(
		writeDurably(at.config, own+more),
		writeDurably(at.access, "local all all peer map="+identMap+"\n"),
		writeDurably(at.ident, idents),
		makeSocketDir(at.socketDir, runAs),
	)
	if err != nil {
		return fmt.Errorf("configuring the server: %w", err)
	}

	return nil
}

// ownSettings are durable, quiet about values, and shut to everything but the socket.
//
// Statements and their parameters can hold secrets. Errors quote them too (`invalid input syntax: "…"`), so the log
// takes what the server says of itself (log_min_messages=log leaves out errors of statements), and never its details
// (terse).
func ownSettings(at layout) map[string]string {
	return map[string]string{
		"data_directory":                    at.data,
		"hba_file":                          at.access,
		"ident_file":                        at.ident,
		"listen_addresses":                  "",
		"unix_socket_directories":           at.socketDir,
		"unix_socket_permissions":           "0700",
		"max_connections":                   "300",
		"timezone":                          "UTC",
		"log_timezone":                      "UTC",
		"lc_messages":                       "C",
		"log_checkpoints":                   "off",
		"log_line_prefix":                   "%m [%p] ",
		"log_min_messages":                  "log",
		"log_min_error_statement":           "panic",
		"log_error_verbosity":               "terse",
		"log_statement":                     "none",
		"log_parameter_max_length":          "0",
		"log_parameter_max_length_on_error": "0",
	}
}

func settingLines(settings map[string]string) (string, error) {
	var lines strings.Builder
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		value := settings[name]
		if !settingName.MatchString(name) || strings.ContainsAny(value, "\n\r\x00") {
			return "", fmt.Errorf("%q is no setting of postgresql.conf, or its value has more than a line", name)
		}

		escaped := strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(value)
		fmt.Fprintf(&lines, "%s = '%s'\n", name, escaped)
	}

	return lines.String(), nil
}

// identLines let each admitted account be each role.
func identLines(runAs account) (string, error) {
	names, err := runAs.admitted()
	if err != nil {
		return "", err
	}

	var lines strings.Builder
	for _, name := range names {
		for _, role := range []string{Superuser, Owner, App} {
			fmt.Fprintf(&lines, "%s \"%s\" %s\n", identMap, strings.ReplaceAll(name, `"`, `""`), role)
		}
	}

	return lines.String(), nil
}

// makeSocketDir makes the directory, and clears what a server that is gone left in it.
//
// In a shared directory another account could have made it first, to listen in our place; such a one is refused.
func makeSocketDir(dir string, runAs account) error {
	if err := runAs.give(dir); err != nil {
		return fmt.Errorf("making the socket directory: %w", err)
	}

	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("checking the socket directory: %w", err)
	}

	if owner, _ := idsOf(info); !info.IsDir() || owner != runAs.uid || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("%s is not a directory that user %s alone may enter: remove it", dir, runAs.name)
	}

	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return fmt.Errorf("clearing the socket directory: %w", err)
		}
	}

	return nil
}
