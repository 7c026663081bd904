package cloud_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/cloud"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator"
	"github.com/terraform-sdrs/terraform-provider-sdrs/internal/simulator/simtest"
)

func TestServerCertificates(t *testing.T) {
	t.Parallel()
	c := simtest.NewTLS(t, nil)
	config := c.Config()
	config.MaxRetries = 3
	if _, err := cloud.NewSession(t.Context(), config); err == nil || c.Connections() != 1 {
		t.Errorf("%d connections to a stranger, want 1: %v", c.Connections(), err)
	}
	authority := encoded("CERTIFICATE", c.Server.Certificate().Raw)
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte(authority), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change  func(*cloud.Config)
		trusted bool
	}{
		"unknown authority": {change: func(*cloud.Config) {}},
		"insecure":          {change: func(c *cloud.Config) { c.Insecure = true }, trusted: true},
		"authority as text": {change: func(c *cloud.Config) { c.CACert = authority }, trusted: true},
		"authority in file": {change: func(c *cloud.Config) { c.CACert = file }, trusted: true},
		"no such file":      {change: func(c *cloud.Config) { c.CACert = file + "x" }},
		"no certificate":    {change: func(c *cloud.Config) { c.CACert = "-----BEGIN nothing" }},
		"no client key":     {change: func(c *cloud.Config) { c.CACert, c.ClientCert = authority, authority }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := c.Config()
			config.MaxRetries = 3
			test.change(&config)
			_, err := cloud.NewSession(t.Context(), config)
			if (err == nil) != test.trusted {
				t.Errorf("got %v", err)
			}
		})
	}
}

// What is neither PEM nor a file may be a key that lost its first line: an error has nothing of it.
func TestCertificateErrorsHaveNoValue(t *testing.T) {
	t.Parallel()
	const secret = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASC" //nolint:gosec // It is the same in all keys.
	dir := filepath.Join(t.TempDir(), secret)
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	certificate, key := pair(t)
	for name, value := range map[string]string{
		"base64": secret, "lines": secret + "\n" + secret, "long": strings.Repeat(secret, 1000), "NUL": secret +
			"\x00", "folder": dir,
		"broken PEM": "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----", "cut PEM": "-----BEGIN " +
			secret,
	} {
		for argument, config := range map[string]cloud.Config{
			"cacert_file": {CACert: value},
			"cert":        {ClientCert: value, ClientKey: key},
			"key":         {ClientCert: certificate, ClientKey: value},
		} {
			if !strings.HasPrefix(value, "-----BEGIN ") {
				argument += " is neither"
			}
			_, err := cloud.NewSession(t.Context(), config)
			if err == nil || strings.Contains(err.Error(), secret) || !strings.Contains(err.Error(), argument) {
				t.Errorf("%s of %s: %v", name, argument, err)
			}
		}
	}
}

func encoded(kind string, content []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: content}))
}

// pair returns a certificate that signed itself, and its key, as PEM texts.
func pair(t *testing.T) (certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return encoded("CERTIFICATE", raw), encoded("PRIVATE KEY", secret)
}

func TestClientCertificates(t *testing.T) {
	t.Parallel()
	certificate, key := pair(t)
	_, another := pair(t)
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM([]byte(certificate))
	c := simtest.NewTLS(t, &tls.Config{
		MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: authorities,
	}, simulator.WithGroups(simulator.DemoGroup()))
	dir := t.TempDir()
	for name, text := range map[string]string{"cert.pem": certificate, "key.pem": key} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, test := range map[string]struct {
		cert, key string
		trusted   bool
		says      string
	}{
		"as text":             {cert: certificate, key: key, trusted: true},
		"in files":            {cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "key.pem"), trusted: true},
		"none":                {},
		"without its key":     {cert: certificate},
		"without certificate": {key: key, says: "cert is neither"},
		"with another key":    {cert: certificate, key: another},
		"no such file":        {cert: filepath.Join(dir, "cert.pem"), key: filepath.Join(dir, "none.pem")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := c.Config()
			config.CACert = encoded("CERTIFICATE", c.Server.Certificate().Raw)
			config.ClientCert, config.ClientKey = test.cert, test.key
			session, err := cloud.NewSession(t.Context(), config)
			if (err == nil) != test.trusted || err != nil && !strings.Contains(err.Error(), test.says) {
				t.Fatalf("got %v", err)
			}
			if err != nil {
				return
			}
			if name, err := group(t.Context(), session); err != nil || name != "web-shop" {
				t.Errorf("reading the group: %q, %v", name, err)
			}
		})
	}
}
