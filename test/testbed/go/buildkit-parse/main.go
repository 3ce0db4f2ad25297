// SPDX-License-Identifier: Apache-2.0

// Command buildkit-parse says what BuildKit's own parser makes of Dockerfiles: one JSON object with the file's text and
// its build arguments per line of standard input, one JSON answer per line of standard output. The expansion of bases
// follows dockerfile2llb: platform ARGs first, then the global ARGs in order, then the base name.
package main

import (
	"bufio"
	_ "crypto/sha256" // go-digest knows only the hashes that are linked in; buildkitd links both
	_ "crypto/sha512"
	"encoding/json"
	"os"
	"strings"

	"github.com/distribution/reference"
	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
	"github.com/moby/buildkit/frontend/dockerfile/shell"
)

type stage struct {
	Name     *string `json:"name"`
	Line     int     `json:"line"`
	Written  string  `json:"written"`
	Resolved *string `json:"resolved"`
	Kind     string  `json:"kind"`
	Platform *string `json:"platform"`
}

type answer struct {
	Error  *string `json:"error"`
	Stages []stage `json:"stages"`
}

type question struct {
	Text      string            `json:"text"`
	BuildArgs map[string]string `json:"buildArgs"`
}

type env map[string]string

func (e env) Get(key string) (string, bool) {
	value, ok := e[key]
	return value, ok
}

func (e env) Keys() []string {
	keys := make([]string, 0, len(e))
	for key := range e {
		keys = append(keys, key)
	}
	return keys
}

func refused(err error) answer {
	text := err.Error()
	return answer{Error: &text, Stages: []stage{}}
}

// The parser takes each byte of a flag for a character; this puts the characters together again.
func flagText(value string) string {
	bytes := make([]byte, 0, len(value))
	for _, char := range value {
		if char > 0xff {
			return value
		}
		bytes = append(bytes, byte(char))
	}
	return strings.ToValidUTF8(string(bytes), "\ufffd")
}

func judge(asked question) answer {
	parsed, err := parser.Parse(strings.NewReader(asked.Text))
	if err != nil {
		return refused(err)
	}
	// Not nil, as in a real build: without a linter a "# check=" comment above an instruction ends in a panic.
	stages, metaArgs, err := instructions.Parse(parsed.AST, linter.New(&linter.Config{}))
	if err != nil {
		return refused(err)
	}
	target := "default"
	if last := len(stages) - 1; last >= 0 && stages[last].Name != "" {
		target = stages[last].Name
	}
	lex := shell.NewLex(parsed.EscapeToken)
	values := env{
		"BUILDPLATFORM": "linux/amd64", "BUILDOS": "linux", "BUILDOSVERSION": "", "BUILDARCH": "amd64", "BUILDVARIANT": "",
		"TARGETPLATFORM": "linux/amd64", "TARGETOS": "linux", "TARGETOSVERSION": "", "TARGETARCH": "amd64",
		"TARGETVARIANT": "", "TARGETSTAGE": target,
	}
	for name := range values {
		if given, ok := asked.BuildArgs[name]; ok {
			values[name] = given
		}
	}
	// A global ARG that cannot be expanded ends a build; here it spoils what uses it, and only that.
	broken := map[string]bool{}
	for _, command := range metaArgs {
		for _, pair := range command.Args {
			if given, ok := asked.BuildArgs[pair.Key]; ok {
				values[pair.Key], broken[pair.Key] = given, false
				continue
			}
			if pair.Value == nil {
				continue
			}
			result, err := lex.ProcessWordWithMatches(*pair.Value, values)
			failed := err != nil
			for name := range result.Matched {
				failed = failed || broken[name]
			}
			for name := range result.Unmatched {
				failed = failed || broken[name]
			}
			broken[pair.Key] = failed
			if err != nil {
				delete(values, pair.Key)
				continue
			}
			values[pair.Key] = result.Result
		}
	}
	known := map[string]bool{}
	answers := []stage{}
	for _, each := range stages {
		one := stage{Line: each.Location[0].Start.Line, Written: each.BaseName, Kind: "unknown"}
		if each.Platform != "" {
			platform := flagText(each.Platform)
			one.Platform = &platform
		}
		result, err := lex.ProcessWordWithMatches(each.BaseName, values)
		failed := err != nil
		for name := range result.Matched {
			failed = failed || broken[name]
		}
		for name := range result.Unmatched {
			failed = failed || broken[name]
		}
		if base := result.Result; !failed && base != "" {
			switch ref, refErr := reference.ParseNormalizedNamed(base); {
			case known[base]:
				one.Kind, one.Resolved = "stage", &base
			case base == "scratch":
				one.Kind, one.Resolved = "scratch", &base
			case refErr == nil:
				full := reference.TagNameOnly(ref).String()
				one.Kind, one.Resolved = "image", &full
			}
		}
		if each.Name != "" {
			name := each.Name
			one.Name = &name
			known[name] = true
		}
		answers = append(answers, one)
	}
	return answer{Stages: answers}
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var asked question
			if decodeErr := json.Unmarshal(line, &asked); decodeErr != nil {
				os.Exit(1)
			}
			if encodeErr := out.Encode(judge(asked)); encodeErr != nil {
				os.Exit(1)
			}
		}
		if err != nil {
			return
		}
	}
}
