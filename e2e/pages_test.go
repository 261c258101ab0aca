package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestPages_OfTheDocumentation_AreForAnybody asks a server without a playground for what the product's documentation
// points to.
func TestPages_OfTheDocumentation_AreForAnybody(t *testing.T) {
	t.Parallel()
	for path, title := range map[string]string{
		"/docs/security":          "Security",
		"/security/data-handling": "Data handling",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			r, err := http.NewRequestWithContext(t.Context(), method, "http://"+shared.server.address+path, http.NoBody)
			testkit.Must(t, err)
			response, err := client.Do(r)
			testkit.Must(t, err)
			text, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			h := response.Header
			if err != nil || response.StatusCode != http.StatusOK ||
				h.Get("Content-Type") != "text/html; charset=utf-8" {
				t.Errorf("%s %s: got %d %v, %v", method, path, response.StatusCode, h, err)
			}
			policies := h.Values("Content-Security-Policy")
			if len(policies) != 1 || !strings.Contains(policies[0], "style-src 'sha256-") {
				t.Errorf("%s %s: got the policies %q", method, path, policies)
			}
			if strings.Contains(string(text), "<title>"+title) != (method == http.MethodGet) {
				t.Errorf("%s %s: got %s", method, path, text)
			}
		}
	}
}
