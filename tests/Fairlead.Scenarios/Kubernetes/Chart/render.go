// Renders a chart as Helm does, by Go's own templates, with the few functions that it uses: no Helm is needed to see what it says.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

func main() {
	folder, namespace, values := os.Args[1], os.Args[2], map[string]interface{}{}
	must(json.NewDecoder(os.Stdin).Decode(&values))
	functions := template.FuncMap{
		"quote":  func(one interface{}) string { return fmt.Sprintf("%q", fmt.Sprint(one)) },
		"toJson": func(one interface{}) (string, error) { text, err := json.Marshal(one); return string(text), err },
		"join": func(between string, all []interface{}) string {
			words := []string{}
			for _, one := range all {
				words = append(words, fmt.Sprint(one))
			}
			return strings.Join(words, between)
		},
	}
	files, err := filepath.Glob(filepath.Join(folder, "templates", "*.yaml"))
	must(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		must(err)
		made, err := template.New(filepath.Base(file)).Option("missingkey=error").Funcs(functions).Parse(string(text))
		must(err)
		fmt.Println("---")
		must(made.Execute(os.Stdout, map[string]interface{}{
			"Values":  values,
			"Release": map[string]interface{}{"Namespace": namespace, "Name": "fairlead"},
		}))
	}
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
