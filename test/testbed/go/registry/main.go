// SPDX-License-Identifier: Apache-2.0

// Command registry serves an OCI registry from memory, with the referrers API and basic authentication on request.
// The first line on standard output is the address that it listens on.
package main

import (
	"crypto/subtle"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/google/go-containerregistry/pkg/registry"
)

func main() {
	address := flag.String("address", "127.0.0.1:0", "address to listen on")
	referrers := flag.Bool("referrers", true, "serve the referrers API of OCI distribution 1.1")
	user := flag.String("user", "", "demand basic authentication as this user; the password is in REGISTRY_PASSWORD")
	verbose := flag.Bool("verbose", false, "log each request to standard error")
	flag.Parse()

	logs := io.Discard
	if *verbose {
		logs = os.Stderr
	}
	handler := registry.New(registry.WithReferrersSupport(*referrers), registry.Logger(log.New(logs, "", log.LstdFlags)))
	if *user != "" {
		handler = demand(*user, os.Getenv("REGISTRY_PASSWORD"), handler)
	}
	listener, err := net.Listen("tcp", *address)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(listener.Addr())
	server := &http.Server{ReadHeaderTimeout: 5 * time.Second, Handler: handler}
	log.Fatal(server.Serve(listener))
}

func demand(user, password string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u, p, ok := r.BasicAuth()
		same := subtle.ConstantTimeCompare([]byte(u), []byte(user))&subtle.ConstantTimeCompare([]byte(p), []byte(password)) == 1
		if !ok || !same {
			w.Header().Set("WWW-Authenticate", `Basic realm="waybill test registry"`)
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusUnauthorized)
			fmt.Fprintln(w, `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}`)
			return
		}
		next.ServeHTTP(w, r)
	})
}
