package redact_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/redact"
)

const benchBytes = 4 << 20

// manySecrets are random printable values of 40 bytes; every fourth has characters that are escaped somewhere.
func manySecrets(n int) []redact.Secret {
	r := rand.New(rand.NewPCG(1, 2))
	secrets := make([]redact.Secret, n)
	for i := range secrets {
		letters := "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		if i%4 == 0 {
			letters += `/+&<="% `
		}
		value := make([]byte, 40)
		for k := range value {
			value[k] = letters[r.IntN(len(letters))]
		}
		secrets[i] = redact.Secret{Name: fmt.Sprintf("SECRET_%d", i), Version: 1, Value: value}
	}
	return secrets
}

func filled(next func(i int) []byte) []byte {
	var text []byte
	for i := 0; len(text) < benchBytes; i++ {
		text = append(text, next(i)...)
	}
	return text[:benchBytes]
}

// ordinary text is a log with a secret in every hundredth line.
func ordinary(secrets []redact.Secret) []byte {
	return filled(func(i int) []byte {
		token := "none"
		if i%100 == 0 {
			token = string(secrets[i%len(secrets)].Value)
		}
		return fmt.Appendf(nil, "2026-03-0%dT12:%02d:%02d.%06dZ INFO worker-%d step finished status=ok duration=%dms "+
			"url=https://api.example.com/v1/items/%d token=%s\n",
			i%9+1, i%60, i*7%60, i*7919%1000000, i%16, i*31%5000, i, token)
	})
}

func base64Looking([]redact.Secret) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	raw := make([]byte, benchBytes)
	for i := range raw {
		raw[i] = byte(r.Uint32())
	}
	return []byte(base64.StdEncoding.EncodeToString(raw))[:benchBytes]
}

// dense text is nothing but secrets, in turn raw and in base64.
func dense(secrets []redact.Secret) []byte {
	return filled(func(i int) []byte {
		value := secrets[i%len(secrets)].Value
		if i%2 == 0 {
			return append(bytes.Clone(value), ' ')
		}
		return append([]byte(base64.StdEncoding.EncodeToString(value)), '\n')
	})
}

// nearMisses are all secrets but their last byte.
func nearMisses(secrets []redact.Secret) []byte {
	return filled(func(i int) []byte { return secrets[i%len(secrets)].Value[:39] })
}

// beginnings are the first five bytes of a secret, over and over: a search for each.
func beginnings(secrets []redact.Secret) []byte {
	return filled(func(i int) []byte { return secrets[i/1000%len(secrets)].Value[:5] })
}

// periodic secrets are runs of one letter with another at the end; the text is that run.
func periodic(n int) []redact.Secret {
	secrets := make([]redact.Secret, n)
	for i := range secrets {
		value := strings.Repeat("a", 32) + fmt.Sprintf("%08d", i)
		secrets[i] = redact.Secret{Name: fmt.Sprintf("RUN_%d", i), Version: 1, Value: []byte(value)}
	}
	return secrets
}

// prefixed secrets all begin with the same eight bytes, and so does every eighth byte of text.
func prefixed(n int) []redact.Secret {
	secrets := manySecrets(n)
	for i := range secrets {
		copy(secrets[i].Value, "sk_live_")
	}
	return secrets
}

// benchTexts are ordinary, dense and adversarial.
var benchTexts = []struct {
	name    string
	secrets func(int) []redact.Secret
	text    func([]redact.Secret) []byte
}{
	{"ordinary", manySecrets, ordinary}, {"base64", manySecrets, base64Looking}, {"dense", manySecrets, dense},
	{"near-misses", manySecrets, nearMisses}, {"beginnings", manySecrets, beginnings},
	{"shared-prefix", prefixed, constant("sk_live_")}, {"periodic", periodic, constant("a")},
	{"long-periodic", longPeriodic, constant("a")},
}

func constant(unit string) func([]redact.Secret) []byte {
	return func([]redact.Secret) []byte { return filled(func(int) []byte { return []byte(unit) }) }
}

func BenchmarkWriter(b *testing.B) {
	for _, n := range []int{100, 1000} {
		for _, text := range benchTexts {
			b.Run(fmt.Sprintf("%s/%d", text.name, n), func(b *testing.B) {
				secrets := text.secrets(n)
				input, set := text.text(secrets), redact.NewSet(secrets)
				b.SetBytes(int64(len(input)))
				for b.Loop() {
					w := redact.NewWriter(io.Discard, set)
					_, _ = w.Write(input)
					_ = w.Close()
				}
			})
		}
	}
}

// longPeriodic is one secret of 64 KiB of one letter and another at the end.
func longPeriodic(int) []redact.Secret {
	return []redact.Secret{{Name: "LONG", Version: 1, Value: []byte(strings.Repeat("a", 64<<10-1) + "b")}}
}

func BenchmarkNewSet(b *testing.B) {
	for _, n := range []int{100, 1000} {
		b.Run(fmt.Sprintf("40 bytes/%d", n), func(b *testing.B) { benchmarkNewSet(b, manySecrets(n)) })
	}
	r := rand.New(rand.NewPCG(5, 6))
	binary, lines := make([]redact.Secret, 100), make([]redact.Secret, 100)
	for i := range binary {
		binary[i].Value, lines[i].Value = make([]byte, 64<<10), make([]byte, 64<<10)
		for k := range binary[i].Value {
			binary[i].Value[k] = byte(r.Uint32())
			if lines[i].Value[k] = 'a' + byte(r.Uint32()%26); k%65 == 64 {
				lines[i].Value[k] = '\n'
			}
		}
	}
	b.Run("64 KiB, binary/100", func(b *testing.B) { benchmarkNewSet(b, binary) })
	b.Run("64 KiB, lines of 64/100", func(b *testing.B) { benchmarkNewSet(b, lines) })
}

func benchmarkNewSet(b *testing.B, secrets []redact.Secret) {
	b.Helper()
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := redact.NewSet(secrets)
	runtime.GC()
	runtime.ReadMemStats(&after)
	for b.Loop() {
		redact.NewSet(secrets)
	}
	b.ReportMetric(float64(after.HeapAlloc)-float64(before.HeapAlloc), "B/set")
	runtime.KeepAlive(kept)
}
