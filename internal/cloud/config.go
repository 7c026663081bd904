package cloud

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/go-cleanhttp"
)

// Service is a service of the cloud, by the name that its endpoint has in the configuration.
type Service string

// The services that this provider talks to.
const (
	IAM  Service = "iam"
	SDRS Service = "sdrs"
	ECS  Service = "ecs"
	EVS  Service = "evs"
)

// catalogType is the name of a service in the catalog, and version that of its API, for an endpoint that lacks one.
func (s Service) catalogType() (name, version string) {
	if s == EVS {
		return "volumev2", "v2"
	}
	return string(s), "v1"
}

// Config says who logs in where. Of the three kinds of credentials a session uses the first that is complete: Token,
// AccessKey with SecretKey, Password with UserName or UserID. Empty fields are unset.
type Config struct {
	// AuthURL is the IAM endpoint, with or without /v3.
	AuthURL string
	// Region selects the endpoints of the catalog; empty: the prefix of the project's name (eu-de of eu-de_shop).
	Region string

	Token string

	AccessKey, SecretKey string
	// SecurityToken belongs to temporary access keys.
	SecurityToken string

	UserName, UserID, Password string

	DomainName, DomainID   string
	ProjectName, ProjectID string

	// AgencyName, AgencyDomainName, and DelegatedProject (a name) are set together: act in the project of another
	// domain.
	AgencyName, AgencyDomainName, DelegatedProject string

	// CACert, ClientCert, and ClientKey are PEM texts or paths of files that hold them.
	CACert, ClientCert, ClientKey string
	// Insecure accepts any server certificate.
	Insecure bool

	// Endpoints replace those of the catalog (and, for IAM, AuthURL). The project id is appended where it is missing.
	Endpoints map[Service]string

	// MaxRetries is how often a read is repeated after a transient failure, 0 to MostRetries; after 429, which any
	// request is repeated after, ten times as often.
	MaxRetries int
	// RetryWait is the wait before the first repetition, doubled for each further one; 0: 500 ms.
	RetryWait time.Duration
	// RequestTimeout ends a single attempt; 0: 30 s.
	RequestTimeout time.Duration

	// UserAgent is sent with each request.
	UserAgent string

	// Around wraps the session's connections, or replaces them, for whoever watches what is exchanged; nil: nothing does.
	Around func(http.RoundTripper) http.RoundTripper
}

// MostRetries bounds Config.MaxRetries: by then a request was repeated for minutes.
const MostRetries = 20

const (
	defaultRetryWait      = 500 * time.Millisecond
	defaultRequestTimeout = 30 * time.Second
	// maxRetryWait caps the doubling of RetryWait; a server's Retry-After may be longer for a read, up to a minute.
	maxRetryWait = 10 * time.Second
	// idleConnections lets Terraform's parallel operations (10 by default) keep their connections between polls.
	idleConnections = 64
)

// transport returns the one connection pool of a session.
func (c Config) transport() (*http.Transport, error) {
	pool := cleanhttp.DefaultPooledTransport()
	pool.MaxIdleConnsPerHost = idleConnections
	// Over HTTP/2, net/http itself repeats a POST that the server says it did not process, without end.
	pool.Protocols = new(http.Protocols)
	pool.Protocols.SetHTTP1(true)
	pool.TLSClientConfig = &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: c.Insecure, //nolint:gosec // The user's explicit choice, warned about by the provider.
	}
	if c.CACert != "" {
		pem, err := pemOrFile("cacert_file", c.CACert)
		if err != nil {
			return nil, err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, errors.New("cacert_file has no PEM certificate")
		}
		pool.TLSClientConfig.RootCAs = roots
	}
	if c.ClientCert != "" || c.ClientKey != "" {
		certificate, err := pemOrFile("cert", c.ClientCert)
		if err != nil {
			return nil, err
		}
		key, err := pemOrFile("key", c.ClientKey)
		if err != nil {
			return nil, err
		}
		pair, err := tls.X509KeyPair(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("cert and key: %w", err)
		}
		pool.TLSClientConfig.Certificates = []tls.Certificate{pair}
	}
	return pool, nil
}

// pemOrFile returns value itself where it is a PEM text, otherwise the content of the file that it names. An error has
// only the argument's name: what is no file may be a key that lacks its first line.
func pemOrFile(name, value string) ([]byte, error) {
	if strings.Contains(value, "-----BEGIN ") {
		return []byte(value), nil
	}
	content, err := os.ReadFile(value) //nolint:gosec // The path is the user's.
	if err != nil {
		why := "it can't be read"
		if failure, ok := errors.AsType[*fs.PathError](err); ok {
			why = failure.Err.Error()
		}
		return nil, fmt.Errorf("%s is neither a PEM text nor the path of a file that can be read: %s", name, why)
	}
	return content, nil
}
