package command

import (
	"testing"

	"github.com/alecthomas/kong"

	"github.com/provenanceone/data-api/internal/testkit"
)

func TestSignedIn_SlashesAfterTheAddress_NameTheSameSignIn(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"http://127.0.0.1:9", "http://127.0.0.1:9/", "http://127.0.0.1:9//"} {
		var c whoamiCommand
		parser, err := kong.New(&c, kong.Vars{"api_url": ""})
		testkit.Must(t, err)
		_, err = parser.Parse([]string{"--api", address})
		if testkit.Must(t, err); c.API != "http://127.0.0.1:9" {
			t.Errorf("%s is %s", address, c.API)
		}
	}
}
