package metrics

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const (
	dashboardFile = "../../deploy/grafana/data-api.json"
	alertsFile    = "../../deploy/prometheus/alerts.yaml"
)

// alert is one of the rules.
type alert struct {
	Alert, Expr, For string
	Labels           map[string]string
	Annotations      map[string]string
}

func alerts(t *testing.T) (all []alert) {
	t.Helper()
	raw, err := os.ReadFile(alertsFile)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Groups []struct{ Rules []alert } }
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	if len(all) == 0 {
		t.Fatalf("%s has no rules", alertsFile)
	}
	return all
}

// queries are what the panels of the dashboard ask, and its variables.
func queries(t *testing.T) (all []string) {
	t.Helper()
	raw, err := os.ReadFile(dashboardFile)
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
		Templating struct{ List []struct{ Definition string } }
	}
	if err := json.Unmarshal(raw, &dashboard); err != nil {
		t.Fatal(err)
	}
	for _, p := range dashboard.Panels {
		for _, target := range p.Targets {
			all = append(all, target.Expr)
		}
	}
	for _, v := range dashboard.Templating.List {
		if v.Definition != "" {
			all = append(all, v.Definition)
		}
	}
	if len(all) < 20 {
		t.Fatalf("%s asks %d things", dashboardFile, len(all))
	}
	return all
}

var (
	metricForm   = regexp.MustCompile(`\b(data_api|process|go|up)(_[a-z_]+)?\b(\{[^}]*\})?`)
	matcherForm  = regexp.MustCompile(`([a-z_]+)(?:=~|!~|!=|=)"`)
	groupingForm = regexp.MustCompile(`\bby \(([a-z_, ]+)\)`)
	legendForm   = regexp.MustCompile(`\$labels\.([a-z_]+)`)
)

// ofTheScrape are the labels that Prometheus adds, and that of histograms.
var ofTheScrape = []string{"instance", "job", "le"}

// check holds the names and labels of a query against what a server has.
func check(t *testing.T, query string, has map[string][]string) {
	t.Helper()
	var labels []string
	for _, found := range metricForm.FindAllStringSubmatch(query, -1) {
		if found[1] != "data_api" {
			continue
		}
		name := "data_api" + found[2]
		own, there := has[name]
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			if base, ok := strings.CutSuffix(name, suffix); ok && !there {
				own, there = has[base]
			}
		}
		if !there {
			t.Errorf("no server has %s, of %s", name, query)
		}
		labels = append(labels, own...)
		for _, matcher := range matcherForm.FindAllStringSubmatch(found[3], -1) {
			if !slices.Contains(own, matcher[1]) && !slices.Contains(ofTheScrape, matcher[1]) {
				t.Errorf("%s has no label %s, of %s", name, matcher[1], query)
			}
		}
	}
	for _, grouping := range groupingForm.FindAllStringSubmatch(query, -1) {
		for _, label := range strings.Split(grouping[1], ", ") {
			if !slices.Contains(labels, label) && !slices.Contains(ofTheScrape, label) {
				t.Errorf("nothing in %s has the label %s", query, label)
			}
		}
	}
}

func TestDashboard_NamesAndLabels_AreThoseOfAServer(t *testing.T) {
	t.Parallel()
	has, asked := described(t), strings.Join(queries(t), "\n")
	for _, query := range queries(t) {
		check(t, query, has)
	}
	for name := range has {
		if !strings.Contains(asked, name) {
			t.Errorf("the dashboard does not show %s", name)
		}
	}
}

func TestAlerts_NamesLabelsAndRunbook_AreThere(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, runbook, found := strings.Cut(string(page), "\n## When it alerts\n")
	if !found {
		t.Fatal("operations.md has no runbook")
	}
	var anchors, used []string
	for _, heading := range regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(runbook, -1) {
		anchors = append(anchors, strings.ToLower(strings.ReplaceAll(heading[1], " ", "-")))
	}
	has := described(t)
	for _, a := range alerts(t) {
		check(t, a.Expr, has)
		for _, label := range legendForm.FindAllStringSubmatch(a.Annotations["summary"], -1) {
			if grouped := regexp.MustCompile(`by \([^)]*\b` + label[1] + `\b`); !grouped.MatchString(a.Expr) &&
				!slices.Contains(ofTheScrape, label[1]) {
				t.Errorf("%s says a label %s that its result has not", a.Alert, label[1])
			}
		}
		anchor, ok := strings.CutPrefix(a.Annotations["runbook"], "docs/operations.md#")
		if !ok || !slices.Contains(anchors, anchor) {
			t.Errorf("%s leads to %q; the runbook has %q", a.Alert, a.Annotations["runbook"], anchors)
		}
		used = append(used, anchor)
		if a.Annotations["summary"] == "" || !slices.Contains([]string{"warning", "critical"}, a.Labels["severity"]) {
			t.Errorf("%s has no summary or severity", a.Alert)
		}
	}
	for _, anchor := range anchors {
		if !slices.Contains(used, anchor) {
			t.Errorf("no alert leads to %s", anchor)
		}
	}
}

// TestAlerts_Prometheus_TakesThem asks Prometheus' own tool. With CI=true it must be there.
func TestAlerts_Prometheus_TakesThem(t *testing.T) {
	t.Parallel()
	tool, err := exec.LookPath("promtool")
	if err != nil && os.Getenv("CI") == "true" {
		t.Fatal("promtool is not installed: apt-get install prometheus")
	}
	if err != nil {
		t.Skip("there is no promtool here: apt-get install prometheus")
	}
	if out, err := exec.CommandContext(t.Context(), tool, "check", "rules", alertsFile).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}
