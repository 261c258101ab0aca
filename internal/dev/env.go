package dev

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

type envCommand struct {
	stateDir
	Serve bool `env:"-" help:"Print the settings of serve besides: eval \"$(data-api dev env --serve)\" && data-api doctor."`
}

// Run prints the variables by which commands in a shell find the running instance: eval "$(data-api dev env)".
func (c envCommand) Run(ctx context.Context, s Streams) error {
	i, err := c.running()
	if err != nil {
		return err
	}

	dir, err := c.path()
	if err != nil {
		return err
	}

	if err := answers(ctx, i.Listen); err != nil {
		silent := fault.New(fault.Unavailable, "No API answers on the instance in %s: start it with `make run`.", dir)
		return silent.Because(err)
	}

	_, err = fmt.Fprintf(s.Out, "export DATA_API_URL=%s\nexport DATA_API_STATE_DIR=%s\n",
		quote("http://"+i.Listen), quote(dir))
	if err == nil && c.Serve {
		err = i.export(s.Out)
	}

	return err
}

// answers checks that an API is up at the address.
func answers(ctx context.Context, address string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return err
	}

	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}

	_ = response.Body.Close() // nobody reads it
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", request.URL, response.Status)
	}

	return nil
}
