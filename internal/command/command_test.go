package command

import "testing"

func TestAPIURL_IsTheVariables(t *testing.T) {
	t.Setenv("DATA_API_URL", "")
	if got := apiURL(); got != "http://127.0.0.1:8080" {
		t.Errorf("without the variable it is %s", got)
	}
	t.Setenv("DATA_API_URL", "http://127.0.0.1:9090/")
	if got := apiURL(); got != "http://127.0.0.1:9090" {
		t.Errorf("with it, it is %s", got)
	}
}
