// Program updown sends a file up and reads it back by the Go client, through a proxy, and says what it took.
package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"

	"github.com/provenanceone/data-api/client"
)

func main() {
	if len(os.Args) != 7 {
		log.Fatal("usage: updown ENDPOINT KEY DATASTORE FILE STORAGE PROXY")
	}

	if err := run(context.Background(), os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, args []string) error {
	endpoint, key, datastore, path, storage, proxy := args[0], args[1], args[2], args[3], args[4], args[5]
	var dialer net.Dialer
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		if address == storage {
			address = proxy
		}

		return dialer.DialContext(ctx, network, address)
	}}
	c, err := client.New(endpoint, client.APIKey(key), client.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return err
	}

	file, err := os.Open(path)
	if err != nil {
		return err
	}

	defer func() { _ = file.Close() }()
	version, err := c.Upload(ctx, datastore, "updown", file)
	if err != nil {
		return err
	}

	content, err := c.Download(ctx, datastore, "updown")
	if err != nil {
		return err
	}

	defer func() { _ = content.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, content); err != nil {
		return err
	}

	status, err := os.ReadFile("/proc/self/status")
	fmt.Printf("Version: %d\nSum: %x\n%s", version.Version, sum.Sum(nil), status)
	return err
}
