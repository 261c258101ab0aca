// Package client is the typed Go client of the Data API.
package client
