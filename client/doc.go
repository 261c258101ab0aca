// Package client is the typed Go client of the Data API: a function for each operation of the contract, and methods of
// Client that upload, download and go through the pages of lists.
//
//	c, err := client.New("https://api.example/graphql", client.APIKey(key))
//	for d, err := range c.Datastores(ctx, "") { // all pages
//		if err != nil {
//			return err
//		}
//		fmt.Println(d.Id, d.Name)
//	}
//
//	version, err := c.Upload(ctx, datastoreID, "reports/01.csv", file, client.WithContentType("text/csv"))
//	content, err := c.Download(ctx, datastoreID, "reports/01.csv")
//	defer content.Close()
//	_, err = io.Copy(os.Stdout, content)
//
//	secret, err := client.GetSecretByName(ctx, c, "stripe/api-key") // Secret is nil if there is none
//	shown, err := client.RevealSecret(ctx, c, client.RevealSecretInput{
//		SecretId: secret.SecretByName.Id,
//		Reason:   new("paying an invoice"),
//	})
//	if errors.Is(err, client.ErrForbidden) {
//		return err // the message is the API's sentence
//	}
//
// # Null
//
// A field that may be null is a pointer. A nil one sends null, which is the default. In an Update input a nil field is
// not sent, and stays as it is: Set changes it, and Null clears it.
//
// # Retries
//
// Queries, mutations that the contract calls safe to repeat, and mutations with an IdempotencyKey are sent again, three
// times in all, where the server did not answer, was not available, or said when to come again. Other mutations are
// sent once.
//
// # What it does not cover
//
// The contract has no subscriptions, so that the client opens no socket. Where you want other fields, let genqlient
// generate functions from operations of your own: they take a *Client too.
package client
