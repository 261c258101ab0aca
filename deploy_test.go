package main_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
)

const (
	base    = "deploy/kustomize/base/"
	compose = "deploy/compose.yaml"
	unit    = "deploy/systemd/data-api.service"
)

// deployFiles are the texts of all files below deploy/, by path.
func deployFiles(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	err := filepath.WalkDir("deploy", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		texts[filepath.ToSlash(path)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}

func TestDeploy_Variables_AreSettings(t *testing.T) {
	t.Parallel()
	flags, err := os.ReadFile("internal/command/testdata/flags.txt")
	if err != nil {
		t.Fatal(err)
	}
	settings := map[string]bool{}
	for line := range strings.Lines(string(flags)) {
		words := strings.Fields(line)
		settings[words[len(words)-1]] = settings[words[len(words)-1]] || words[0] == "serve" || words[0] == "migrate"
	}
	// secretFiles name files with the values of settings that hold secrets.
	secretFiles := []string{"DATA_API_DATABASE_URL_FILE", "DATA_API_MIGRATE_DATABASE_URL_FILE"}
	found := map[string]bool{}
	for path, text := range deployFiles(t) {
		for _, name := range regexp.MustCompile(`DATA_API_[A-Z_]+`).FindAllString(text, -1) {
			if slices.Contains(secretFiles, name) {
				name = strings.TrimSuffix(name, "_FILE")
			}
			if found[name] = true; !settings[name] {
				t.Errorf("%s: %s is no setting of serve or migrate", path, name)
			}
		}
	}
	for _, name := range []string{"DATA_API_DATABASE_URL", "DATA_API_MIGRATE_DATABASE_URL", "DATA_API_SERVER_KEY_FILE",
		"DATA_API_REGIONS", "DATA_API_GCP_PROJECT", "DATA_API_OIDC_ISSUER", "DATA_API_OIDC_AUDIENCE"} {
		if !found[name] {
			t.Errorf("no file has %s, which a server needs", name)
		}
	}
}

// manifest is what of a Kubernetes object these tests look at.
type manifest struct {
	Kind string
	Spec struct {
		Template struct {
			Spec struct {
				Grace      int `yaml:"terminationGracePeriodSeconds"`
				Containers []struct {
					Ports []struct {
						Number int `yaml:"containerPort"`
					}
					Liveness  probe `yaml:"livenessProbe"`
					Readiness probe `yaml:"readinessProbe"`
					Security  struct {
						ReadOnly bool  `yaml:"readOnlyRootFilesystem"`
						Escalate *bool `yaml:"allowPrivilegeEscalation"`
					} `yaml:"securityContext"`
				}
			}
		}
	}
	Settings []struct{ Literals []string } `yaml:"configMapGenerator"`
}

type probe struct {
	Get struct{ Path string } `yaml:"httpGet"`
}

// manifests are the objects of the base, by kind.
func manifests(t *testing.T) map[string]manifest {
	t.Helper()
	all := map[string]manifest{}
	for path, text := range deployFiles(t) {
		if !strings.HasPrefix(path, base) {
			continue
		}
		var m manifest
		if err := yaml.Unmarshal([]byte(text), &m); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		all[m.Kind] = m
	}
	return all
}

func TestDeploy_Kubernetes_HasEveryKind(t *testing.T) {
	t.Parallel()
	want := []string{"Deployment", "HorizontalPodAutoscaler", "Job", "Kustomization", "NetworkPolicy",
		"PodDisruptionBudget", "Service", "ServiceAccount"}
	all := manifests(t)
	if got := slices.Sorted(maps.Keys(all)); !slices.Equal(got, want) {
		t.Errorf("the base has %q, want %q", got, want)
	}
	for _, kind := range []string{"Deployment", "Job"} {
		for _, c := range all[kind].Spec.Template.Spec.Containers {
			if !c.Security.ReadOnly || c.Security.Escalate == nil || *c.Security.Escalate {
				t.Errorf("%s: a container may write to its root, or gain rights", kind)
			}
		}
	}
}

// TestDeploy_Probes_AreAnswered asks a server's handler.
func TestDeploy_Probes_AreAnswered(t *testing.T) {
	t.Parallel()
	handler := httpserver.NewHandler(httpserver.Options{
		Log:   slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return nil },
	})
	server := manifests(t)["Deployment"].Spec.Template.Spec.Containers[0]
	for want, path := range map[string]string{`"ok"`: server.Liveness.Get.Path, `"ready"`: server.Readiness.Get.Path} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://10.1.2.3:8080/"+strings.TrimPrefix(path, "/"), nil))
		if said, _ := io.ReadAll(w.Body); w.Code != http.StatusOK || !bytes.Contains(said, []byte(want)) {
			t.Errorf("GET %s answers %d %s", path, w.Code, said)
		}
	}
}

// composed is what of deploy/compose.yaml these tests look at.
type composed struct {
	Services map[string]struct {
		Ports       []string
		Grace       string `yaml:"stop_grace_period"`
		Environment map[string]string
		ReadOnly    bool     `yaml:"read_only"`
		Security    []string `yaml:"security_opt"`
	}
}

func readCompose(t *testing.T) (c composed) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(deployFiles(t)[compose]), &c); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDeploy_Ports_AreWhereTheServerListens(t *testing.T) {
	t.Parallel()
	all, server := manifests(t), readCompose(t).Services["server"]
	port := strconv.Itoa(all["Deployment"].Spec.Template.Spec.Containers[0].Ports[0].Number)
	for what, listen := range map[string]string{
		"Kubernetes":    setting(all["Kustomization"].Settings[0].Literals, "DATA_API_LISTEN"),
		"compose":       server.Environment["DATA_API_LISTEN"],
		"its port":      server.Ports[0],
		"Containerfile": ":" + regexp.MustCompile(`(?m)^EXPOSE (.*)$`).FindStringSubmatch(deployFiles(t)["deploy/Containerfile"])[1],
	} {
		if !strings.HasSuffix(listen, ":"+port) {
			t.Errorf("%s has %q, the Deployment port %s", what, listen, port)
		}
	}
}

// setting is the value of a variable in lines NAME=VALUE.
func setting(lines []string, name string) string {
	for _, line := range lines {
		if value, found := strings.CutPrefix(strings.TrimSpace(line), name+"="); found {
			return value
		}
	}
	return ""
}

// TestDeploy_Grace_IsLongerThanAStopTakes adds the last denials, two seconds, to the drain and to what requests and
// jobs have.
func TestDeploy_Grace_IsLongerThanAStopTakes(t *testing.T) {
	t.Parallel()
	all, texts := manifests(t), deployFiles(t)
	example := setting(strings.Split(texts["deploy/data-api.env.example"], "\n"), "DATA_API_DRAIN_FOR")
	for what, c := range map[string]struct{ drain, grace string }{
		"Kubernetes": {setting(all["Kustomization"].Settings[0].Literals, "DATA_API_DRAIN_FOR"),
			strconv.Itoa(all["Deployment"].Spec.Template.Spec.Grace) + "s"},
		"compose": {example, readCompose(t).Services["server"].Grace},
		"systemd": {example, setting(strings.Split(texts[unit], "\n"), "TimeoutStopSec")},
	} {
		drain, err := time.ParseDuration(c.drain)
		grace, err2 := time.ParseDuration(c.grace)
		if err != nil || err2 != nil || grace < drain+httpserver.StopTimeout+2*time.Second+time.Second {
			t.Errorf("%s kills after %s a server that drains for %s", what, c.grace, c.drain)
		}
	}
}

func TestDeploy_Compose_IsHardenedAndHasURLsThatServeTakes(t *testing.T) {
	t.Parallel()
	urls := 0
	for name, s := range readCompose(t).Services {
		if !s.ReadOnly || !slices.Contains(s.Security, "no-new-privileges:true") {
			t.Errorf("%s can write to its root, or gain rights", name)
		}
		for variable, value := range s.Environment {
			if strings.HasSuffix(variable, "DATABASE_URL") {
				urls++
				value = regexp.MustCompile(`\$\{[^}]*\}`).ReplaceAllString(value, "password")
				if err := config.CheckDatabaseURL(variable, value); err != nil {
					t.Error(err)
				}
			}
		}
	}
	if urls != 2 {
		t.Errorf("it has %d URLs of the database", urls)
	}
}
