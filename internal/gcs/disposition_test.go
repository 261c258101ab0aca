package gcs

import "testing"

func TestDisposition_OfAnyName_IsAHeader(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"":               `attachment`,
		"report 1.pdf":   `attachment; filename="report 1.pdf"`,
		"ü.txt":          `attachment; filename="_.txt"; filename*=UTF-8''%C3%BC.txt`,
		`a"b\c.txt`:      `attachment; filename="a_b_c.txt"; filename*=UTF-8''a%22b%5Cc.txt`,
		"a\r\nX-Evil: b": `attachment; filename="a__X-Evil: b"; filename*=UTF-8''a%0D%0AX-Evil%3A%20b`,
		"50%.csv":        `attachment; filename="50_.csv"; filename*=UTF-8''50%25.csv`,
		"../etc/passwd":  `attachment; filename=".._etc_passwd"; filename*=UTF-8''..%2Fetc%2Fpasswd`,
	} {
		if got := disposition(name); got != want {
			t.Errorf("%q is %s, want %s", name, got, want)
		}
	}
}
