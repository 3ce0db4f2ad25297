// SPDX-License-Identifier: Apache-2.0

// Command config-check says what the real libraries make of melange and apko files. Without arguments it reads one JSON
// object per line of standard input, with the language, the file's text and the files beside it, and answers one JSON
// object per line of standard output. `config-check types` prints every key the two Go structs read, found by
// reflection. `config-check time FILE...` reads melange files one after another and prints the milliseconds it took.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"chainguard.dev/apko/pkg/build/types"
	"chainguard.dev/melange/pkg/config"
	"github.com/chainguard-dev/clog"
	"log/slog"
)

type question struct {
	Language string `json:"language"`
	Text     string `json:"text"`
	// Files beside the file, by their path relative to its folder.
	Files map[string]string `json:"files"`
	// A file that is read where it is, instead of the text.
	Path string `json:"path"`
}

type answer struct {
	Error *string `json:"error"`
	// True where the library crashed instead of answering.
	Panic bool `json:"panic"`
}

var ctx = clog.WithLogger(context.Background(), clog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError + 4})))

func melange(path string) error {
	_, err := config.ParseConfiguration(ctx, path)
	return err
}

func apko(path string) error {
	var image types.ImageConfiguration
	if err := image.Load(ctx, path, []string{filepath.Dir(path)}, fnv.New32()); err != nil {
		return err
	}
	return image.Validate()
}

func judge(folder string, asked question) (result answer) {
	defer func() {
		if crash := recover(); crash != nil {
			text := fmt.Sprint(crash)
			result = answer{Error: &text, Panic: true}
		}
	}()
	for name, text := range asked.Files {
		path := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			panic(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			panic(err)
		}
		defer os.Remove(path)
	}
	path := asked.Path
	if path == "" {
		path = filepath.Join(folder, "config.yaml")
		if err := os.WriteFile(path, []byte(asked.Text), 0o600); err != nil {
			panic(err)
		}
	}
	var err error
	if asked.Language == "apko" {
		err = apko(path)
	} else {
		err = melange(path)
	}
	if err == nil {
		return answer{}
	}
	text := strings.ReplaceAll(err.Error(), folder+string(filepath.Separator), "")
	return answer{Error: &text}
}

type typeInfo struct {
	Kind   string            `json:"kind"`
	Fields map[string]string `json:"fields,omitempty"`
	Of     string            `json:"of,omitempty"`
	Order  []string          `json:"order,omitempty"`
}

// describe names a type as the decoder sees it, and adds the structs it reaches to the table.
func describe(t reflect.Type, table map[string]typeInfo) string {
	if t == reflect.TypeFor[time.Duration]() {
		return "duration"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return "*" + describe(t.Elem(), table)
	case reflect.Slice:
		return "[]" + describe(t.Elem(), table)
	case reflect.Map:
		return "map[" + describe(t.Key(), table) + "]" + describe(t.Elem(), table)
	case reflect.Struct:
		parts := strings.Split(t.PkgPath(), "/")
		name := parts[1] + "." + t.Name()
		if _, known := table[name]; known {
			return name
		}
		table[name] = typeInfo{}
		info := typeInfo{Kind: "struct", Fields: map[string]string{}}
		for i := range t.NumField() {
			field := t.Field(i)
			tag := field.Tag.Get("yaml")
			key, options, _ := strings.Cut(tag, ",")
			if !field.IsExported() || key == "-" {
				continue
			}
			if strings.Contains(options, "inline") || field.Anonymous {
				panic("inline field " + name + "." + field.Name)
			}
			if key == "" {
				key = strings.ToLower(field.Name)
			}
			info.Fields[key] = describe(field.Type, table)
			info.Order = append(info.Order, key)
		}
		table[name] = info
		return name
	default:
		return t.Kind().String()
	}
}

func printTypes() {
	table := map[string]typeInfo{}
	describe(reflect.TypeFor[config.Configuration](), table)
	describe(reflect.TypeFor[types.ImageConfiguration](), table)
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(table); err != nil {
		panic(err)
	}
}

func timeFiles(files []string) {
	started := time.Now()
	refused := 0
	for _, file := range files {
		if melange(file) != nil {
			refused++
		}
	}
	fmt.Printf("{\"milliseconds\":%.3f,\"files\":%d,\"refused\":%d}\n", float64(time.Since(started).Microseconds())/1000, len(files), refused)
}

func main() {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "types":
			printTypes()
		case "time":
			timeFiles(os.Args[2:])
		default:
			fmt.Fprintln(os.Stderr, "usage: config-check [types | time FILE...]")
			os.Exit(2)
		}
		return
	}
	debug.SetGCPercent(400)
	folder, err := os.MkdirTemp("", "config-check-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	buffered := bufio.NewWriter(os.Stdout)
	out := json.NewEncoder(buffered)
	out.SetEscapeHTML(false)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var asked question
			if decodeErr := json.Unmarshal(line, &asked); decodeErr != nil {
				panic(decodeErr)
			}
			if encodeErr := out.Encode(judge(folder, asked)); encodeErr != nil {
				panic(encodeErr)
			}
		}
		if err != nil {
			break
		}
	}
	if err := buffered.Flush(); err != nil {
		panic(err)
	}
}
