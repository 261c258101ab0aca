package seal_test

import (
	"bytes"
	"crypto/ecdh"
	"crypto/hpke"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/seal"
)

var about = seal.Info{
	Purpose:  seal.Lease,
	ID:       "01980000-0000-7000-8000-00000000000a",
	SecretID: "01980000-0000-7000-8000-00000000000b",
	Version:  12,
	Field:    "pässword",
}

func newKey(t testing.TB) (private, public []byte) {
	t.Helper()
	key, err := ecdh.X25519().GenerateKey(rand.Reader)
	testkit.Must(t, err)
	return key.Bytes(), key.PublicKey().Bytes()
}

func unhex(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	testkit.Must(t, err)
	return b
}

func TestOpen_WhatWasSealed_IsThePlaintext(t *testing.T) {
	t.Parallel()
	private, public := newKey(t)
	for _, plain := range [][]byte{nil, {0}, []byte("hunter2"), bytes.Repeat([]byte{0xff}, 64<<10)} {
		sealed, err := seal.Seal(public, about, plain)
		testkit.Must(t, err)
		if len(sealed) != len(plain)+seal.Overhead || len(plain) > 1 && bytes.Contains(sealed, plain) {
			t.Errorf("%d bytes are sealed as %d", len(plain), len(sealed))
		}
		again, err := seal.Seal(public, about, plain)
		testkit.Must(t, err)
		if bytes.Equal(sealed, again) {
			t.Error("the same value looks the same")
		}
		opened, err := seal.Open(private, about, sealed)
		testkit.Must(t, err)
		if !bytes.Equal(opened, plain) {
			t.Errorf("got %q", opened)
		}
	}
}

func TestOpen_AnythingElseThanWasSealed_Fails(t *testing.T) {
	t.Parallel()
	private, public := newKey(t)
	stranger, _ := newKey(t)
	sealed, err := seal.Seal(public, about, []byte("hunter2"))
	testkit.Must(t, err)
	for name, change := range map[string]func(*seal.Info){
		"purpose":                      func(i *seal.Info) { i.Purpose = seal.Reveal },
		"lease":                        func(i *seal.Info) { i.ID = "x" },
		"secret":                       func(i *seal.Info) { i.SecretID = "x" },
		"version":                      func(i *seal.Info) { i.Version = 13 },
		"field":                        func(i *seal.Info) { i.Field = "" },
		"parts that are cut elsewhere": func(i *seal.Info) { i.ID, i.SecretID = i.ID+i.SecretID[:1], i.SecretID[1:] },
	} {
		other := about
		change(&other)
		if _, err := seal.Open(private, other, sealed); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("with another %s: %v", name, err)
		}
	}
	if _, err := seal.Open(stranger, about, sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("with another key: %v", err)
	}
	for i := range sealed {
		changed := bytes.Clone(sealed)
		changed[i] ^= 0x01
		if _, err := seal.Open(private, about, changed); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("with byte %d changed: %v", i, err)
		}
		if _, err := seal.Open(private, about, sealed[:i]); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("cut off at %d: %v", i, err)
		}
	}
}

// TestCheckKey_PointsOfLowOrder_AreRefused has all of them, as https://cr.yp.to/ecdh.html#validate lists them, and
// their like with the highest bit set.
func TestCheckKey_PointsOfLowOrder_AreRefused(t *testing.T) {
	t.Parallel()
	for _, point := range []string{
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	} {
		low := unhex(t, point)
		for range 2 {
			if err := seal.CheckKey(low); !errors.Is(err, seal.ErrKey) {
				t.Errorf("%x: %v", low, err)
			}
			if _, err := seal.Seal(low, about, []byte("hunter2")); !errors.Is(err, seal.ErrKey) {
				t.Errorf("sealed to %x: %v", low, err)
			}
			low[31] |= 0x80
		}
	}
	_, public := newKey(t)
	for _, key := range [][]byte{nil, public[:31], append(bytes.Clone(public), 0)} {
		if err := seal.CheckKey(key); !errors.Is(err, seal.ErrKey) {
			t.Errorf("%d bytes: %v", len(key), err)
		}
	}
	testkit.Must(t, seal.CheckKey(public))
}

func TestBytes_IsEachPartWithItsLength(t *testing.T) {
	t.Parallel()
	got, err := seal.Info{Purpose: "lease", ID: "a", SecretID: "bc", Version: 12, Field: "d"}.Bytes()
	testkit.Must(t, err)
	want := "\x00\x19provenanceone/data-api/v1\x00\x05lease\x00\x01a\x00\x02bc\x00\x0212\x00\x01d"
	if string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	token, err := seal.Info{Purpose: "lease", ID: "a"}.Bytes()
	testkit.Must(t, err)
	if want := "\x00\x19provenanceone/data-api/v1\x00\x05lease\x00\x01a\x00\x00\x00\x00\x00\x00"; string(token) != want {
		t.Errorf("got %q, want %q", token, want)
	}
	_, public := newKey(t)
	if _, err := seal.Seal(public, seal.Info{Field: strings.Repeat("x", 1<<16)}, nil); err == nil {
		t.Error("a part of 65,536 bytes has no length")
	}
}

// TestSuite_OpensTheVectorOfTheRFC shows that these are the algorithms of RFC 9180, appendix A.2.1.
func TestSuite_OpensTheVectorOfTheRFC(t *testing.T) {
	t.Parallel()
	private, err := hpke.DHKEM(ecdh.X25519()).
		NewPrivateKey(unhex(t, "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb"))
	testkit.Must(t, err)
	recipient, err := hpke.NewRecipient(unhex(t,
		"1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a"), private,
		hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), unhex(t, "4f6465206f6e2061204772656369616e2055726e"))
	testkit.Must(t, err)
	plain, err := recipient.Open(unhex(t, "436f756e742d30"),
		unhex(t, "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28"))
	testkit.Must(t, err)
	if string(plain) != "Beauty is truth, truth beauty" {
		t.Errorf("got %q", plain)
	}
}

// TestOpen_OpensWhatAnotherImplementationSealed has what Python's cryptography 48 made of the form that the schema
// describes.
func TestOpen_OpensWhatAnotherImplementationSealed(t *testing.T) {
	t.Parallel()
	private := unhex(t, "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20")
	plain, err := seal.Open(private, about,
		unhex(t, "80fbc546f7ad2ab30571a413767c3e46bc274fde22ebc839cf0a2885b2b956357d01ac8de40a86cae4ef75cf898b8815e9a30996d57a95"))
	testkit.Must(t, err)
	if string(plain) != "hunter2" {
		t.Errorf("got %q", plain)
	}
}
