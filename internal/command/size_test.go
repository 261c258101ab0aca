package command

import "testing"

func TestSize_InEachUnit_IsItsBytes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"none":       "none",
		"0":          "0",
		"1048576":    "1048576",
		"7B":         "7",
		"1KiB":       "1024",
		"500MiB":     "524288000",
		"10GiB":      "10737418240",
		"5TiB":       "5497558138880",
		"8388607TiB": "9223370937343148032",
	} {
		var s size
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != want {
			t.Errorf("%q is %s, %v", text, s, err)
		}
	}
	for _, text := range []string{"", "GiB", "-1", "1.5GiB", "10GB", "10 GiB", "1gib", "8388608TiB",
		"9223372036854775808", "None", "1e3", "0x10"} {
		var s size
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is taken as %s", text, s)
		}
	}
}
