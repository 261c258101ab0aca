package doctor

import (
	"context"
	"io/fs"
	"os"
)

// ServerKey checks that the file of a server's key can be read, is long enough, and is not for everybody to read.
// read returns the key.
func ServerKey(name, path string, read func() ([]byte, error)) Check {
	const others fs.FileMode = 0o007
	return func(context.Context) []Finding {
		info, err := os.Stat(path)
		if err == nil {
			_, err = read()
		}

		switch {
		case err != nil && info == nil:
			return []Finding{fault(name, "The server's key cannot be read.",
				"openssl rand -base64 32 > "+quote(path)+" && chmod 600 "+quote(path)).because(err)}
		case err != nil:
			return []Finding{fault(name, "The server's key cannot be used: it is 32 random bytes or more, the same "+
				"for all servers.", "wc -c "+quote(path)+"; openssl rand -base64 32").because(err)}
		case info.Mode()&others != 0:
			return []Finding{warning(name, "Everybody on this machine may read or change the server's key.",
				"chmod o= "+quote(path))}
		}

		return []Finding{ok(name)}
	}
}
