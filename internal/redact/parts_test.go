package redact_test

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/redact"
)

func TestRedact_ShortValue_IsReplacedAsAWholeWord(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ value, text, want string }{
		{"admin", "admin", mark},
		{"admin", "an admin, 'admin'.", "an " + mark + ", '" + mark + "'."},
		{"admin", "administrator sysadmin admin2 7admin", "administrator sysadmin admin2 7admin"},
		{"admin", "admin_admin-admin", mark + "_" + mark + "-" + mark},
		{"admin", `user:\nadmin\n \u000aadmin %20admin%20 \x0aadmin`, `user:\n` + mark + `\n \u000a` + mark + ` %20` +
			mark + `%20 \x0a` + mark},
		{"admin", "\x1b[1;31madmin\x1b[0m", "\x1b[1;31m" + mark + "\x1b[0m"},
		{"admin", "“admin” éadminé", "“" + mark + "” é" + mark + "é"},
		{"$$admin", "a$$admin b$$admins", "a" + mark + " b$$admins"},
		{"пароль", "мойпароль", "мой" + mark},
		{"1234567", "1234567 12345678", mark + " 12345678"},
		{"admin", "61646d696e YWRtaW4= YWRtaW4", mark + " " + mark + " " + mark},
		{"admin", "xYWRtaW4=", "xYWRtaW4="},
		{"adminis", base64.StdEncoding.EncodeToString([]byte("user:adminis!")), "dXNlcj" + mark + "IQ=="},
		{"abc", "abc abcd 616263 YWJj", mark + " abcd 616263 YWJj"},
		{"a", "a ab a", mark + " ab " + mark},
		{"abc\n", "abc", mark},
	} {
		expect(t, row.text, row.want, key(row.value))
	}
}

const pem = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj\nMzEfYyjiWA4R4/M2bS1GB4t7NXp98C3SC6dVMvDuictGeurT8jNbvJZHtCSuYEvu\n-----END PRIVATE KEY-----\n"

func TestRedact_Lines_AreReplacedWholeAndOneByOne(t *testing.T) {
	t.Parallel()
	expect(t, "key: "+pem, "key: "+mark, key(pem))
	expect(t, strings.TrimSpace(pem), mark, key(pem))
	lines := strings.Split(pem, "\n")
	expect(t, "  "+strings.Join(lines, "\r\n  "), "  "+
		strings.Join([]string{lines[0], mark, mark, lines[3], ""}, "\r\n  "), key(pem))
	expect(t, jsonText(pem, true), mark, key(pem))
	expect(t, "|"+base64.StdEncoding.EncodeToString([]byte(lines[1]))+"|", "|"+mark+"|", key(pem))
	expect(t, "first-of-all\nabc\nlast-of-all", "first-of-all\nabc\nlast-of-all", key("a line\r\nabc\r\nanother"))
	expect(t, "a line. abc. another. anothers", mark+". abc. "+mark+". anothers", key("a line\r\nabc\r\nanother"))
}

func TestRedact_JSONSecret_EachFieldIsReplaced(t *testing.T) {
	t.Parallel()
	value := `{"user":"database-user","nested":{"list":["in-a-list-1",{"deep":"deep-down-é"}],"port":5432,"account":1234567890},"on":true,"pin":"123","key":` +
		jsonText(pem, true) + `,"key":"` + jsonText(pem, true) + `","short":"admin"}`
	value = strings.Replace(value, `"key":-----`, `"other":"-----`, 1)
	value = strings.Replace(value, `-----\n,`, `-----\n",`, 1)
	if !json.Valid([]byte(value)) {
		t.Fatal(value)
	}
	s := redact.Secret{Name: "KEY", Version: 3, Value: []byte(value), JSON: true}
	expect(t, value, mark, s)
	for _, field := range []string{"database-user", "in-a-list-1", "deep-down-é", `deep-down-\u00e9`, "1234567890",
		"admin", pem, strings.Split(pem, "\n")[1]} {
		expect(t, "<"+field+">", "<"+mark+">", s)
	}
	for _, other := range []string{"5432", "true", "nested", "account", "123", "administrator"} {
		expect(t, "<"+other+">", "<"+other+">", s)
	}
	expect(t, "database-user", "database-user", key(value))
}

func TestRedact_JSONSecretThatIsNone_IsReplacedAsText(t *testing.T) {
	t.Parallel()
	for _, value := range []string{`{"a":"first-field"`, `]}` + "no document", `"a-string-alone"`, `{"a":}}`, ``} {
		s := redact.Secret{Name: "KEY", Version: 3, Value: []byte(value), JSON: true}
		if value != "" {
			expect(t, "<"+value+">", "<"+mark+">", s)
		}
	}
}

func TestRedact_CommonWordsOfAJSONSecret_StayAndAreCounted(t *testing.T) {
	t.Parallel()
	s := redact.Secret{
		ID:      "1",
		Name:    "KEY",
		Version: 3,
		JSON:    true,
		Value:   []byte(`{"branch":"main","user":"postgres","ssl":"true","port":5432,"pin":"123","password":"hunter2hunter2","again":"Main","or":"main"}`),
	}
	expect(t, "on main, as postgres: true, 5432, 123, hunter2hunter2",
		"on main, as postgres: true, 5432, 123, "+mark, s)
	expect(t, string(s.Value), mark, s)
	got := redact.NewSet([]redact.Secret{key("main"), s}).Unmasked()
	if len(got) != 1 || got[0] != (redact.Unmasked{ID: "1", Name: "KEY", Version: 3, Parts: 6}) {
		t.Errorf("it says %+v", got)
	}
	expect(t, "main", mark, key("main"))
}
