package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"github.com/provenanceone/data-api/client"
	"github.com/provenanceone/data-api/client/runtime"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/memory"
)

// outputAfter is how long what a command has left behind may go on writing.
const outputAfter = 5 * time.Second

type execCommand struct {
	Endpoint       string        `default:"${api_url}/graphql" placeholder:"URL" help:"The GraphQL endpoint ($$DATA_API_URL/graphql; here ${default})."`
	APIKeyFile     string        `env:"DATA_API_KEY_FILE" type:"path" placeholder:"FILE" help:"An API key with the scope secrets:inject; required, no person may inject."`
	RuntimeKeyFile string        `required:"" type:"path" placeholder:"FILE" help:"The runtime's private key, as runtime-key new makes it."`
	RuntimeKeyID   string        `required:"" placeholder:"ID" help:"The id under which an admin has registered its public key."`
	Consumer       string        `env:"-" required:"" placeholder:"KIND:ID" help:"What the secrets are for, for example AGENT:billing; it gets only what it references."`
	Secret         []string      `env:"-" required:"" sep:"none" placeholder:"NAME=SECRET[#FIELD]" help:"An environment variable, and the name or id of the secret for it. Repeat for more."`
	RunID          string        `env:"-" placeholder:"ID" help:"The platform's id of the run (a new one)."`
	StepID         string        `env:"-" default:"exec" placeholder:"ID" help:"The platform's id of the step (${default})."`
	LeaseFor       time.Duration `env:"-" default:"1h" help:"How long the lease lasts, if the command does not end before (${default})."`
	Command        []string      `arg:"" passthrough:"" help:"The command and its arguments, after --."`
}

// Run runs a command with secrets in its environment, and with every secret in its output replaced by its name.
//
// The exit code is the command's, or 128 and the number of the signal that has ended it. As of env(1) it is 125 where
// exec itself failed, 126 for a command that cannot be run, and 127 for one that is not found. Signals go to the
// command.
func (c execCommand) Run(ctx context.Context, s streams) error {
	if err := memory.NoCoreDumps(); err != nil {
		return err
	}

	variables, err := c.variables()
	if err != nil {
		return err
	}

	lease, err := c.lease(ctx, variables)
	if err != nil {
		return err
	}

	code, err := c.run(lease, variables, s)
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if ended := lease.End(ending); ended != nil {
		fmt.Fprintln(s.err, "data-api: the lease was not ended and ends by itself: "+client.Message(ended))
	}

	if err == nil && code != 0 {
		err = exitError(code)
	}

	return err
}

func (c execCommand) lease(ctx context.Context, variables []variable) (*runtime.Lease, error) {
	kind, id, ok := strings.Cut(c.Consumer, ":")
	if !ok {
		return nil, fault.New(fault.Invalid, "--consumer %s: it takes KIND:ID, for example AGENT:billing.", c.Consumer)
	}

	if c.APIKeyFile == "" {
		return nil, fault.New(fault.Invalid, "--api-key-file is missing (or set DATA_API_KEY_FILE). A sign-in does "+
			"not do: the API injects for keys alone, whatever a person's role. An admin creates a key with the scope "+
			"secrets:inject.")
	}

	apiKey, err := os.ReadFile(c.APIKeyFile)
	if err != nil {
		return nil, fmt.Errorf("--api-key-file: %w", err)
	}

	key, err := runtime.LoadKey(c.RuntimeKeyFile)
	if err != nil {
		return nil, fmt.Errorf("--runtime-key-file: %w", err)
	}

	api, err := runtime.New(runtime.Options{
		Endpoint: c.Endpoint,
		APIKey:   strings.TrimSpace(string(apiKey)),
		Key:      key,
		KeyID:    c.RuntimeKeyID,
	})
	if err != nil {
		return nil, err
	}

	if err := resolve(ctx, api, variables); err != nil {
		return nil, err
	}

	run := runtime.Run{ID: c.RunID, StepID: c.StepID}
	if run.ID == "" {
		run.ID = "exec-" + ident.New[execCommand]().String()
	}

	wanted := make([]runtime.Secret, len(variables))
	for i, v := range variables {
		wanted[i] = v.secret
	}

	lease, err := api.Lease(ctx, runtime.Request{
		Run:      run,
		Consumer: runtime.Consumer{Kind: runtime.ConsumerKind(strings.ToUpper(kind)), ExternalID: id},
		Secrets:  wanted,
		For:      c.LeaseFor,
	})
	if err != nil {
		return nil, fault.New(fault.Unavailable, "The command was not run: %s", client.Message(err))
	}

	return lease, nil
}

// run returns the command's exit code, or an error if it could not be run at all.
func (c execCommand) run(lease *runtime.Lease, variables []variable, s streams) (int, error) {
	env, err := c.environment(lease, variables)
	if err != nil {
		return 0, err
	}

	args := slices.DeleteFunc(slices.Clone(c.Command[:1]), func(a string) bool { return a == "--" })
	args = append(args, c.Command[1:]...)
	if len(args) == 0 {
		return 0, fault.New(fault.Invalid, "There is no command: give it after --.")
	}

	if names := lease.Unmasked(); len(names) > 0 {
		fmt.Fprintln(s.err, "data-api: common words and short parts of these secrets stay in the output: "+
			strings.Join(names, ", "))
	}

	out, errs := lease.Redact(s.out), lease.Redact(s.err)
	child := exec.Command(args[0], //nolint:gosec,noctx // it is what whoever calls this wants to run; signals end it
		args[1:]...)
	child.Env, child.Stdin, child.Stdout, child.Stderr, child.WaitDelay = env, os.Stdin, out, errs, outputAfter
	err = passSignals(child)
	return outcome(errors.Join(err), out.Close(), errs.Close())
}

func outcome(ran, out, errs error) (int, error) {
	var exited *exec.ExitError
	switch {
	case errors.As(ran, &exited):
		return codeOf(exited), nil
	case ran != nil && !errors.Is(ran, exec.ErrWaitDelay):
		return 0, fmt.Errorf("running the command: %w", ran)
	}

	return 0, errors.Join(out, errs)
}

// codeOf is the exit code; of a command that a signal has ended, what a shell says of it.
func codeOf(e *exec.ExitError) int {
	if status, ok := e.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}

	return e.ExitCode()
}

// passSignals runs the command, and hands on to it what signals come meanwhile.
func passSignals(child *exec.Cmd) error {
	signals, keyboard := make(chan os.Signal, 8), make(chan os.Signal, 8)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2)
	if atTerminal() {
		// the terminal sends them to the command too: once is enough
		signal.Notify(keyboard, syscall.SIGINT, syscall.SIGQUIT)
	} else {
		signal.Notify(signals, syscall.SIGINT, syscall.SIGQUIT)
	}

	defer signal.Stop(signals)
	defer signal.Stop(keyboard)
	if err := child.Start(); err != nil {
		return notStarted(child.Args[0], err)
	}

	done := make(chan error, 1)
	go func() { done <- child.Wait() }()
	for {
		select {
		case s := <-signals:
			_ = child.Process.Signal(s) // one that has ended needs none
		case err := <-done:
			return err
		}
	}
}

func atTerminal() bool { return term.IsTerminal(int(os.Stdin.Fd())) }

// environment is this process's own, without what lets it ask for secrets, and with the secrets that were asked for.
func (c execCommand) environment(lease *runtime.Lease, variables []variable) ([]string, error) {
	env := slices.DeleteFunc(os.Environ(), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		return strings.HasPrefix(name, "DATA_API_") ||
			slices.ContainsFunc(variables, func(v variable) bool { return v.name == name })
	})
	for _, v := range variables {
		value, _ := lease.Value(v.secret)
		if strings.ContainsRune(string(value), 0) {
			return nil, fault.New(fault.Invalid, "--secret %s: this value has a byte that is zero, and no "+
				"environment variable can hold one.", v.name)
		}

		env = append(env, v.name+"="+string(value))
	}

	return env, nil
}
