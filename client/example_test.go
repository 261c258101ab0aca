package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/provenanceone/data-api/client"
)

// exampleAPI stands for an API: it has two datastores, one file and one secret.
func exampleAPI() (*httptest.Server, *client.Client) {
	b := &bucket{}
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch text := string(body); {
		case r.URL.Path == "/storage":
			b.store(w, r, body)
		case strings.Contains(text, "ListDatastores"):
			_, _ = fmt.Fprint(w, `{"data":{"datastores":{"nodes":[{"id":"d1","name":"exports"},{"id":"d2","name":"imports"}],`+
				`"pageInfo":{"hasNextPage":false}}}}`)
		case strings.Contains(text, "RevealSecret"):
			_, _ = fmt.Fprint(w, `{"data":{"revealSecret":{"version":1,"value":"sk_test_1","secret":{"id":"s1"}}}}`)
		case strings.Contains(text, "GetSecretByName"):
			_, _ = fmt.Fprint(w, `{"data":{"secretByName":{"id":"s1","name":"stripe/api-key"}}}`)
		case strings.Contains(text, "DeleteDatastore"):
			_, _ = fmt.Fprint(w, `{"errors":[{"message":"The datastore has 2 objects.","extensions":{"code":"IN_USE","count":2}}]}`)
		default:
			b.address = server.URL + "/storage"
			b.answer(w, body)
		}
	}))
	c, err := client.New(server.URL, client.APIKey("p1_example"))
	if err != nil {
		log.Fatal(err)
	}
	return server, c
}

func ExampleClient_Datastores() {
	server, c := exampleAPI()
	defer server.Close()

	for datastore, err := range c.Datastores(context.Background(), "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(datastore.Id, datastore.Name)
	}
	// Output:
	// d1 exports
	// d2 imports
}

func ExampleClient_Upload() {
	server, c := exampleAPI()
	defer server.Close()

	version, err := c.Upload(context.Background(), "d1", "reports/01.csv", strings.NewReader("day,amount\n"),
		client.WithContentType("text/csv"),
		client.WithProgress(func(sent, total int64) { fmt.Println(sent, "of", total, "bytes") }))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("version", version.Version)
	// Output:
	// 11 of 11 bytes
	// version 1
}

func ExampleClient_Download() {
	server, c := exampleAPI()
	defer server.Close()
	ctx := context.Background()
	if _, err := c.Upload(ctx, "d1", "reports/01.csv", strings.NewReader("day,amount\n")); err != nil {
		fmt.Println(err)
		return
	}

	content, err := c.Download(ctx, "d1", "reports/01.csv")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = content.Close() }()
	text, err := io.ReadAll(content)
	fmt.Printf("%s %v\n", text, err)
	// Output:
	// day,amount
	//  <nil>
}

func ExampleRevealSecret() {
	server, c := exampleAPI()
	defer server.Close()
	ctx := context.Background()

	found, err := client.GetSecretByName(ctx, c, "stripe/api-key")
	if err != nil {
		fmt.Println(err)
		return
	}
	shown, err := client.RevealSecret(ctx, c, client.RevealSecretInput{
		SecretId: found.SecretByName.Id,
		Reason:   new("paying an invoice"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(*shown.RevealSecret.Value)
	// Output: sk_test_1
}

func ExampleError() {
	server, c := exampleAPI()
	defer server.Close()

	_, err := client.DeleteDatastore(context.Background(), c, client.DeleteDatastoreInput{DatastoreId: "d1"})
	fmt.Println(err, errors.Is(err, client.ErrInUse))

	var refused *client.Error
	if errors.As(err, &refused) {
		fmt.Println(refused.Code, refused.Extensions["count"])
	}
	// Output:
	// The datastore has 2 objects. true
	// IN_USE 2
}
